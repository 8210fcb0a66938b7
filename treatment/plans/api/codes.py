"""The endpoint that looks up codes of diagnoses."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from audit.log import record
from therapybridge.core.errors import InvalidInput
from treatment.diagnoses.codes import RELEASE, search
from treatment.plans.audit_actions import DIAGNOSIS_CODE_LISTED
from treatment.plans.serializers import FoundCodesSerializer

MAX_SEARCH = 100  # characters
SEARCH = OpenApiParameter("search", str, description="The beginning of a code, or words.")


class DiagnosisCodes(TherapistsView):
    """Codes of ICD-10-CM: F01 to F99 and Z55 to Z65."""

    query_parameters = frozenset({"search"})

    @extend_schema(operation_id="diagnosis_codes_list", parameters=[SEARCH], responses=FoundCodesSerializer)
    def get(self, request: Request) -> Response:
        """Find up to 25 diagnosis codes, without further pages; categories (`is_billable` false) among them."""
        by = self.therapist(DIAGNOSIS_CODE_LISTED)
        text = request.query_params.get("search", "")
        if len(text) > MAX_SEARCH:
            raise InvalidInput(errors={"search": [f"Search for at most {MAX_SEARCH} characters."]})
        record(DIAGNOSIS_CODE_LISTED, by=by)
        return Response(FoundCodesSerializer({"release": RELEASE, "results": search(text)}).data)
