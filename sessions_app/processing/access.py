"""Permission to continue processing, checked at every stage and before every call, not only when queued."""

from accounts.care.access import is_treated_by
from accounts.consent.services.decisions import require_recording_consent
from accounts.models import User
from sessions_app.models import ProcessingJob
from therapybridge.core.errors import Forbidden


class AccessEnded(Forbidden):
    """The therapist who requested the processing no longer treats the patient, or was deactivated."""

    code = "access_ended"
    title = (
        "The therapist who started this no longer treats the patient. Another therapist of the patient can try again."
    )


def require_permission(job: ProcessingJob) -> None:
    """Require the patient's consent, and that the requesting therapist still treats the patient.

    Raises ConsentRequired or AccessEnded, also when whoever asked is not known any more. A retry by another therapist
    of the patient puts the work under their right.
    """
    require_recording_consent(job.session.patient)
    # By the row of now: the job may have been loaded long ago.
    requester = User.objects.filter(pk=job.requested_by_id).first()
    if not is_treated_by(requester, job.session.patient_id):
        raise AccessEnded
