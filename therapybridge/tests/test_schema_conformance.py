"""Generated requests against the published schema, as each identity: no defects, and only documented responses."""

from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import AccessRequest, Disclosure
from accounts.tests.factories import AdminFactory, BreakGlassFactory, access_for
from sessions_app.models import NoteTemplate
from sessions_app.notes.services import templates, writing
from therapybridge.core.actor import Actor
from therapybridge.core.api.document import document
from timeline.tests.factories import draft_notes, draft_summary, make_event, make_session
from treatment.goals.tests.factories import make_goal, make_intervention, use
from treatment.plans.tests.factories import make_active_plan, make_milestone

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ANSWERS = settings(
    deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
Application = Callable[[Any, Any], list[bytes]]
# Requests to each operation: most answers to whoever has no access are one and the same refusal.
EXAMPLES = {"nobody": 2, "therapist": 8, "patient": 4, "other therapist": 2, "administrator": 4}


@pytest.fixture(scope="module")
def requests() -> list[list[tuple[Any, Any, Any]]]:
    """Generated requests to each operation. To draw them takes longer than to send them, and a fixed seed would draw
    the same ones for every identity.
    """
    found = schemathesis.openapi.from_dict(deepcopy(document())).get_all_operations()
    return [drawn(operation.ok()) for operation in found]


def drawn(operation: Any) -> list[tuple[Any, Any, Any]]:
    """Each with the path parameters and the body that it was made with, which a test replaces."""
    cases = []

    @settings(ANSWERS, max_examples=max(EXAMPLES.values()))
    @given(case=operation.as_strategy())
    def keep(case: Any) -> None:
        cases.append((case, case.path_parameters, case.body))

    keep()
    return cases


@pytest.fixture
def rows(patient: Any, therapist: Any) -> dict[str, UUID]:
    """Real ids for path parameters, so that not every response is a 404."""
    session = make_session(patient, therapist)
    draft_notes(session, topic="sleep", task="walk")
    draft_summary(session, "You spoke about sleep.")
    BreakGlassFactory(patient=patient, therapist=therapist)
    # The rows of lists are only compared with the schema where there are any.
    now = timezone.now()
    AccessRequest.objects.create(patient=patient, kind="view", due_at=now)
    Disclosure.objects.create(
        patient=patient, recorded_by=therapist, disclosed_at=now, recipient="A court", what="Notes", basis="law"
    )
    soap = NoteTemplate.objects.get(key="soap")
    own = templates.duplicate_template(soap, by=Actor(user=therapist))
    note = writing.create_note(session, soap, access=access_for(therapist, patient))
    plan = make_active_plan(patient, therapist)
    goal, entry = make_goal(plan), make_intervention(therapist.clinic)
    treatment = {"plan_id": plan.pk, "milestone_id": make_milestone(plan, therapist).pk, "goal_id": goal.pk}
    treatment |= {"intervention_id": entry.pk, "use_id": use(goal, entry).pk}
    named = {"template_id": own.pk, "note_id": note.pk, "session": session.pk, "template": soap.pk}
    return (
        named
        | treatment
        | {
            "patient_id": patient.pk,
            "patient": patient.pk,
            "id": session.pk,
            "event_id": make_event(patient).pk,
        }
    )


@pytest.fixture
def application() -> Iterator[Application]:
    """The real handler, in the test's own transaction: as in Django's test client, a request closes no connection."""
    handler = WSGIHandler()

    def serve(environ: Any, start_response: Any) -> list[bytes]:
        with closing(handler(environ, start_response)) as response:  # as a server does, which ends uploaded files
            return list(response)

    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield serve
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize("identity", EXAMPLES)
def test_no_answer_contradicts_the_schema(
    identity: str,
    application: Any,
    api_for: Any,
    requests: Any,
    rows: Any,
    patient: Any,
    therapist: Any,
    other_therapist: Any,
    settings: Any,
) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "1000000/m")
    people = {
        "therapist": therapist,
        "patient": patient,
        "other therapist": other_therapist,
        "administrator": AdminFactory(clinic=patient.clinic),
    }
    # The client asks for gzip by itself, and does not read it.
    headers = {"Accept-Encoding": "identity"}
    if identity != "nobody":
        headers |= dict(bearer(api_for(people[identity])))
    for cases in requests:
        for case, path, body in cases[: EXAMPLES[identity]]:
            case.path_parameters = {name: str(rows.get(name, value)) for name, value in path.items()}
            case.body = on_own_rows(body, rows)
            probe(application, case, headers)


def bearer(device: Any) -> Iterator[tuple[str, str]]:
    yield "Authorization", device._credentials["HTTP_AUTHORIZATION"]


def on_own_rows(body: Any, rows: dict[str, UUID]) -> Any:
    """A body that names the identity's own rows."""
    if not isinstance(body, dict):
        return body
    return body | {name: str(rows[name]) for name in body.keys() & {"patient", "patient_id", "session", "template"}}


def probe(application: Application, case: Any, headers: dict[str, str]) -> None:
    """Send a request, and compare the answer with the schema."""
    with transaction.atomic():
        answer = case.call(app=application, headers=headers)
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS, headers=headers)
