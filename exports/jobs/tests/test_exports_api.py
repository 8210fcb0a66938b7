"""The API of exports: asking, looking, waiting, stopping."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.consent.services.decisions import record_consent
from accounts.tests.factories import CareFactory, ConsentFactory, access_for
from audit.models import AuditEvent
from exports.choices import ExportKind
from exports.jobs.models import ExportJob
from exports.jobs.services.requests import request_export
from exports.jobs.tests.conftest import OPTIONS, work_off
from therapybridge.core.errors import InvalidInput, RateLimited
from timeline.tests.factories import make_event, make_session

pytestmark = pytest.mark.django_db
URL = "/api/v1/exports"


def body(patient, **changes):
    return {"patient": str(patient.pk), **OPTIONS, **changes}


@pytest.fixture
def api(api_for, therapist):
    return api_for(therapist)


def test_asking_answers_at_once_with_the_export_and_where_it_is(api, patient):
    answer = api.post(URL, body(patient, recipient="  The chart "), format="json")
    assert answer.status_code == 202
    told = answer.json()
    assert answer.headers["Location"] == f"{URL}/{told['id']}"
    assert (told["status"], told["percent"], told["recipient"]) == ("pending", 0, "The chart")
    job = ExportJob.objects.get()
    assert (job.recipient, job.parameters) == ("The chart", {})
    shown = api.get(answer.headers["Location"])
    assert shown.headers["Retry-After"] == "2"
    work_off(job)
    ready = api.get(answer.headers["Location"], HTTP_IF_NONE_MATCH=shown.headers["ETag"])
    assert (ready.status_code, ready.json()["status"], ready.json()["percent"]) == (200, "completed", 100)
    assert "Retry-After" not in ready.headers
    reads = AuditEvent.objects.filter(action="export.read").count()
    again = api.get(answer.headers["Location"], HTTP_IF_NONE_MATCH=ready.headers["ETag"])
    assert again.status_code == 304
    assert AuditEvent.objects.filter(action="export.read").count() == reads


def test_a_repeat_with_the_same_key_makes_no_second_one(api, patient):
    given = {"format": "json", "HTTP_IDEMPOTENCY_KEY": "one"}
    first, second = (api.post(URL, body(patient), **given) for _ in range(2))
    assert (second.status_code, second.json(), second.headers["Idempotency-Replayed"]) == (202, first.json(), "true")
    assert second.headers["Location"] == first.headers["Location"]
    assert ExportJob.objects.count() == 1
    other = api.post(URL, body(patient, purpose="Else"), **given)
    assert other.json()["code"] == "idempotency_mismatch"


def test_ten_an_hour_each_and_only_accepted_ones_count(therapist, patient, ask):
    for _ in range(3):
        with pytest.raises(InvalidInput):
            ask(kind="everything")
    jobs = [ask() for _ in range(9)]
    failed = jobs[0]
    ExportJob.objects.filter(pk=failed.pk).update(status="failed", error_retriable=True)
    ask()
    with pytest.raises(RateLimited):
        ask()
    other = CareFactory(patient=patient, therapist__clinic=patient.clinic).therapist
    assert request_export(access_for(other, patient), **OPTIONS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "everything"}, "kind"),
        ({"format": "exe"}, "format"),
        ({"basis": "because"}, "basis"),
        ({"recipient": " "}, "recipient"),
        ({"purpose": ""}, "purpose"),
        ({"recipient": "x" * 501}, "recipient"),
        ({"extras": ["transcripts"]}, "extras"),
        ({"basis": "patient", "extras": ["private_events"]}, "extras"),
        ({"kind": "timeline", "start": date(2026, 2, 1), "end": date(2026, 1, 31)}, "end"),
        ({"kind": "timeline", "start": date(1492, 1, 1)}, "start"),
        ({"start": date(2026, 1, 1)}, "start"),
        ({"kind": "timeline", "sessions": ["018f0000-0000-7000-8000-000000000000"]}, "sessions"),
        ({"kind": "session_notes", "sessions": ["018f0000-0000-7000-8000-000000000000"]}, "sessions"),
    ],
)
def test_what_cannot_be_is_refused_by_field(ask, changes, field):
    with pytest.raises(InvalidInput) as caught:
        ask(**changes)
    assert list(caught.value.errors) == [field]
    assert not ExportJob.objects.exists()


def test_notes_of_more_than_a_hundred_sessions_are_refused(therapist, patient, ask):
    for day in range(101):
        make_session(patient, therapist, day=1 + day % 28)
    with pytest.raises(InvalidInput):
        ask(kind="session_notes")
    one = make_session(patient, therapist, day=1)
    assert ask(kind="session_notes", sessions=[one.pk]).parameters == {"sessions": [str(one.pk)]}


@pytest.mark.parametrize("kind", ExportKind.values)
def test_every_kind_is_made_as_json(ask, kind):
    done = work_off(ask(kind=kind))
    assert (done.status, done.error_detail) == ("completed", "")


def test_a_report_without_a_period_is_of_ninety_days(patient, ask):
    job = ask(kind="progress_report")
    assert (job.end, job.end - job.start) == (patient.clinic_day, timedelta(days=90))


def test_a_preview_counts_and_names_what_is_withheld_and_makes_nothing(api, therapist, patient):
    make_event(patient, title="Moved")
    make_event(patient, title="Hidden", is_private=True)
    given = {"patient": str(patient.pk), "kind": "timeline", "basis": "practice"}
    told = api.post(f"{URL}/preview", given, format="json").json()
    assert told["counts"] == {"events": 1}
    assert [(one["exception"], one["count"]) for one in told["withheld"]] == [("private_events", 1)]
    assert "Hidden" not in str(told)
    record_consent(access_for(therapist, patient), ["private_events"], "granted", "written")
    with_it = api.post(f"{URL}/preview", given | {"extras": ["private_events"]}, format="json").json()
    assert (with_it["counts"], with_it["withheld"]) == ({"events": 2}, [])
    assert not ExportJob.objects.exists()


def test_a_preview_tells_what_consent_is_missing(api, patient):
    given = {"patient": str(patient.pk), "kind": "timeline", "basis": "treatment"}
    answer = api.post(f"{URL}/preview", given, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_required")
    assert answer.json()["errors"] == {"consent": ["data_sharing"]}
    ConsentFactory(patient=patient, consent_type="data_sharing")
    assert api.post(f"{URL}/preview", given, format="json").status_code == 200


def test_the_timeline_has_a_route_of_its_own(api, patient):
    given = {name: value for name, value in OPTIONS.items() if name != "kind"} | {"start": "2026-01-01"}
    answer = api.post(f"/api/v1/patients/{patient.pk}/timeline/export", given, format="json")
    assert (answer.status_code, answer.json()["kind"], answer.json()["start"]) == (202, "timeline", "2026-01-01")
    assert answer.headers["Location"].endswith(answer.json()["id"])


def test_the_list_is_filtered(api, therapist, patient, ask):
    ready, waiting = work_off(ask()), ask(kind="timeline", format="csv")
    other = CareFactory(therapist=therapist).patient
    request_export(access_for(therapist, other), **OPTIONS)

    def listed(query):
        return [row["id"] for row in api.get(f"{URL}?{query}").json()["results"]]

    assert listed(f"patient={patient.pk}") == [str(waiting.pk), str(ready.pk)]
    assert listed(f"patient={patient.pk}&status=completed") == [str(ready.pk)]
    assert listed("kind=timeline,session_notes") == listed("format=csv") == [str(waiting.pk)]
    assert api.get(f"{URL}?state=completed").status_code == 400


def test_a_running_one_is_cancelled_and_a_failed_one_made_again(api, ask):
    job = ask()
    answer = api.post(f"{URL}/{job.pk}/cancel")
    assert (answer.status_code, answer.json()["status"], answer.json()["error_code"]) == (200, "failed", "cancelled")
    assert api.post(f"{URL}/{job.pk}/cancel").json()["code"] == "not_running"
    answer = api.post(f"{URL}/{job.pk}/retry")
    assert (answer.status_code, answer.json()["status"], answer.json()["error_code"]) == (202, "pending", "")
    assert work_off(job).status == "completed"
    assert api.post(f"{URL}/{job.pk}/retry").json()["code"] == "not_failed"


def test_what_retrying_would_not_mend_is_not_retried(api, ask):
    job = ask()
    ExportJob.objects.filter(pk=job.pk).update(status="failed", error_code="invalid", error_detail="It is so.")
    assert api.post(f"{URL}/{job.pk}/retry").json()["code"] == "not_retriable"


def test_a_retry_needs_the_consent_again_and_a_refusal_is_on_record(api, patient, ask):
    ConsentFactory(patient=patient, consent_type="data_sharing")
    job = ask(basis="payment")
    ExportJob.objects.filter(pk=job.pk).update(status="failed", error_retriable=True)
    ConsentFactory(patient=patient, consent_type="data_sharing", status="revoked")
    assert api.post(f"{URL}/{job.pk}/retry").status_code == 403
    assert AuditEvent.objects.get(action="export.retried").reason == "consent_required"


def test_deleting_answers_with_nothing(api, made):
    assert api.delete(f"{URL}/{made.pk}").status_code == 204
    assert api.get(f"{URL}/{made.pk}").status_code == 404


def counted(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", [URL, "/exports"])
def test_a_long_list_asks_no_more_than_a_short_one(api, client_for, therapist, patient, ask, path):
    client = api if path == URL else client_for(therapist)
    work_off(ask())
    counted(client, path)
    few = counted(client, path)
    for _ in range(5):
        other = CareFactory(therapist=therapist).patient
        ExportJob.objects.bulk_create(
            ExportJob(clinic=other.clinic, patient=other, requested_by=therapist, **OPTIONS) for _ in range(3)
        )
    assert counted(client, path) == few


def test_an_account_sees_no_export_of_a_time_before(api, ask, therapist):
    job = ask()
    ExportJob.objects.filter(pk=job.pk).update(requested_by=None, created_at=timezone.now() - timedelta(days=1))
    assert api.get(URL).json()["results"] == []
