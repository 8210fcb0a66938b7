"""From an upload to a patient: checked by a worker, shown, confirmed, taken in; on pages and in the API."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from accounts.care.services.patients import create_patient
from accounts.identity.services.storage import GIGABYTE, StorageQuotaReached, usage_of
from accounts.models import User
from accounts.tests.factories import AdminFactory, TherapistFactory
from audit.models import AuditEvent
from exports.imports.models import RecordImport
from exports.imports.services import files, running
from exports.imports.services.requests import confirm_import, discard_import, upload_import
from exports.imports.signals import import_reached
from exports.imports.tasks import sweep_imports
from exports.imports.tests.elsewhere import again, as_file, comparable, exported_elsewhere
from exports.records.record import Record
from sessions_app.models import SessionNote
from therapybridge.core import reconnecting
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden, TooLarge, Unprocessable

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    return exported_elsewhere()


def uploaded(data: bytes, by: User) -> RecordImport:
    return upload_import(SimpleUploadedFile("record.json", data), by=Actor(user=by))


def work_off(job: RecordImport) -> RecordImport:
    """Like a worker, while something is due."""
    if claimed := RecordImport.claim(job.pk):
        running.run(claimed)
    return RecordImport.objects.get(pk=job.pk)


def taken_in(data: bytes, by: User) -> RecordImport:
    job = work_off(uploaded(data, by))
    confirm_import(job, by=Actor(user=by))
    return work_off(job)


def stored() -> list[Path]:
    return [path for path in Path(configured.STORAGE_DIR).rglob("*") if path.is_file()]


def test_a_record_is_shown_before_it_is_taken_in(therapist, record):
    job = work_off(uploaded(as_file(record), therapist))
    assert (job.status, job.conflicts, job.may_be_taken_in) == ("ready", [], True)
    assert job.source["patient"] == record.patient.name
    assert job.source["practice"] == record.practice.name
    assert job.counts["notes"] == len(record.notes)
    assert job.counts["events"] == len(record.events)
    assert not SessionNote.objects.exists()


def test_a_confirmed_record_is_taken_in_and_its_origin_is_kept(therapist, record, django_capture_on_commit_callbacks):
    data = as_file(record)
    with django_capture_on_commit_callbacks(execute=True):
        job = taken_in(data, therapist)
    assert job.status == "completed"
    assert job.patient_id == record.patient.id
    assert comparable(again(therapist, job.patient_id), therapist) == comparable(record)
    assert (job.size, job.source["practice_id"]) == (len(data), str(record.practice.id))
    assert len(job.sha256) == 64
    assert stored() == []


def test_each_step_is_on_record(therapist, record):
    job = taken_in(as_file(record), therapist)
    steps = AuditEvent.objects.filter(target_id=job.pk).order_by("id").values_list("action", "actor", "patient_id")
    assert list(steps) == [
        ("import.uploaded", therapist.pk, None),
        ("import.confirmed", therapist.pk, None),
        ("import.completed", therapist.pk, job.patient_id),
    ]


def test_the_file_is_encrypted_and_what_is_told_of_it_too(therapist, record):
    job = work_off(uploaded(as_file(record), therapist))
    [file] = stored()
    assert record.patient.first_name.encode() not in file.read_bytes()
    assert files.read(job) == as_file(record)


def test_a_wrong_file_fails_with_its_reason_and_leaves_nothing(therapist, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = work_off(uploaded(b'{"about": {"format": "other"}}', therapist))
    assert (job.status, job.error_code) == ("failed", "not_a_record")
    assert job.error_detail
    assert stored() == []
    assert AuditEvent.objects.filter(action="import.failed", target_id=job.pk).count() == 1


def test_a_patient_of_the_same_name_and_birth_is_warned_about(therapist, other_therapist, record, client_for):
    named = {"first_name": record.patient.first_name.upper(), "last_name": record.patient.last_name}
    born = record.patient.date_of_birth
    mine = create_patient(by=Actor(user=therapist), date_of_birth=born, **named)
    create_patient(by=Actor(user=therapist), date_of_birth=born + timedelta(days=1), **named)
    job = work_off(uploaded(as_file(record), therapist))
    assert (job.source["possible_duplicates"], job.may_be_taken_in) == ([str(mine.pk)], True)
    page = client_for(therapist).get(job.get_absolute_url())
    assert page.context["duplicates"] == [mine]
    theirs = work_off(uploaded(as_file(record), other_therapist))
    page = client_for(other_therapist).get(theirs.get_absolute_url())
    assert b"whom you do not treat" in page.content
    assert f"/patients/{mine.pk}".encode() not in page.content
    told = AuditEvent.objects.filter(action="import.compared").order_by("id").values_list("actor", "target_id", "ids")
    assert list(told) == [(one.requested_by_id, one.pk, [str(mine.pk)]) for one in (job, theirs)]


def test_a_fhir_bundle_is_told_from_a_record(therapist):
    job = work_off(uploaded(b'{"resourceType": "Bundle", "type": "collection", "entry": []}', therapist))
    assert (job.status, job.error_code) == ("failed", "not_a_record")
    assert "FHIR" in job.error_detail


def test_a_failure_that_comes_too_late_is_logged_and_changes_nothing(therapist, record, caplog):
    job = uploaded(as_file(record), therapist)
    late = RecordImport.claim(job.pk)
    discard_import(job, by=Actor(user=therapist))
    files.remove(job.file)
    running.run(late)
    assert RecordImport.objects.get(pk=job.pk).error_code == "discarded"
    assert "import_lease_lost" in caplog.text


def test_what_is_here_already_is_named_and_cannot_be_confirmed(therapist, record):
    taken_in(as_file(record), therapist)
    again_ = work_off(uploaded(as_file(record), therapist))
    assert {one["what"] for one in again_.conflicts} >= {"User", "SessionNote", "TimelineEvent"}
    assert again_.may_be_taken_in is False
    with pytest.raises(Conflict) as refused:
        confirm_import(again_, by=Actor(user=therapist))
    assert refused.value.code == "import_conflicts"


def test_the_second_of_two_that_were_confirmed_is_refused(therapist, record):
    first, second = (work_off(uploaded(as_file(record), therapist)) for _ in range(2))
    for job in (first, second):
        confirm_import(job, by=Actor(user=therapist))
    assert work_off(first).status == "completed"
    lost = work_off(second)
    assert (lost.status, lost.error_code) == ("failed", "import_conflicts")


def test_whoever_left_takes_nothing_in(therapist, record):
    job = work_off(uploaded(as_file(record), therapist))
    confirm_import(job, by=Actor(user=therapist))
    therapist.is_active = False
    therapist.save()
    job = work_off(job)
    assert (job.status, job.error_code) == ("failed", "access_ended")
    assert not SessionNote.objects.exists()


def test_a_discarded_file_is_gone_and_its_worker_loses_it(therapist, record):
    job = uploaded(as_file(record), therapist)
    claimed = RecordImport.claim(job.pk)
    discard_import(job, by=Actor(user=therapist))
    running.run(claimed)
    job = RecordImport.objects.get(pk=job.pk)
    assert (job.status, job.error_code) == ("failed", "discarded")
    with pytest.raises(Conflict):
        discard_import(job, by=Actor(user=therapist))


def test_a_worker_that_died_is_followed_by_another(therapist, record):
    job = uploaded(as_file(record), therapist)
    RecordImport.claim(job.pk)  # and nothing more
    RecordImport.objects.update(lease_until=timezone.now() - timedelta(minutes=5))
    assert work_off(job).status == "ready"


def test_a_file_that_nobody_confirms_is_removed(therapist, record):
    job = work_off(uploaded(as_file(record), therapist))
    RecordImport.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    sweep_imports()
    job = RecordImport.objects.get(pk=job.pk)
    assert (job.status, job.error_code, job.path) == ("failed", "expired", "")


@pytest.mark.parametrize("ends", ["fails", "discarded", "expires"])
def test_nothing_about_the_patient_is_kept_of_what_was_not_taken_in(therapist, record, ends):
    job = work_off(uploaded(as_file(record), therapist))
    assert job.source["patient"]
    if ends == "discarded":
        discard_import(job, by=Actor(user=therapist))
    elif ends == "expires":
        RecordImport.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        sweep_imports()
    else:
        confirm_import(job, by=Actor(user=therapist))
        therapist.is_active = False
        therapist.save()
        work_off(job)
    told = RecordImport.objects.get(pk=job.pk).source
    assert set(told) == {"practice", "practice_id", "made_at", "made_by", "withheld"}


def test_a_file_that_waited_too_long_cannot_be_confirmed(therapist, record):
    job = work_off(uploaded(as_file(record), therapist))
    job.expires_at = timezone.now() - timedelta(minutes=1)
    job.save()
    with pytest.raises(Conflict) as refused:
        confirm_import(job, by=Actor(user=therapist))
    assert refused.value.code == "expired"


def test_a_key_stands_for_one_content(therapist, api_for):
    api = api_for(therapist)

    def sent(data: bytes) -> int:
        file = SimpleUploadedFile("record.json", data)
        return api.post("/api/v1/imports", {"file": file}, format="multipart", HTTP_IDEMPOTENCY_KEY="k").status_code

    assert [sent(b"{}"), sent(b"{}"), sent(b"[]")] == [202, 202, 422]
    job = RecordImport.objects.get()
    assert files.read(job) == b"{}"


@pytest.mark.parametrize("who", [AdminFactory, lambda: TherapistFactory(role="patient")])
def test_only_therapists_upload(who):
    with pytest.raises(Forbidden):
        uploaded(b"{}", who())


def test_too_large_and_empty_files_are_not_kept(therapist):
    large = SimpleUploadedFile("record.json", b"x")
    large.size = 50 * 1024**2 + 1
    with pytest.raises(TooLarge):
        upload_import(large, by=Actor(user=therapist))
    with pytest.raises(Unprocessable):
        uploaded(b"", therapist)
    assert stored() == []


def test_the_api_takes_a_record_in(therapist, api_for, record):
    api = api_for(therapist)
    sent = {"file": SimpleUploadedFile("record.json", as_file(record))}
    answer = api.post("/api/v1/imports", sent, format="multipart")
    assert answer.status_code == 202, answer.content
    path = answer.headers["Location"]
    job = RecordImport.objects.get()
    assert api.post(f"{path}/confirm").status_code == 409  # not checked yet
    work_off(job)
    told = api.get(path).json()
    assert (told["status"], told["source"]["patient"]) == ("ready", record.patient.name)
    assert told["may_be_taken_in"] is True
    assert api.post(f"{path}/confirm").json()["status"] == "importing"
    work_off(job)
    assert api.get(path).json()["patient_id"] == str(record.patient.id)
    assert api.get(f"/api/v1/patients/{record.patient.id}").json()["first_name"] == record.patient.first_name
    assert [one["id"] for one in api.get("/api/v1/imports").json()["results"]] == [str(job.pk)]
    assert api.delete(path).status_code == 409


def test_the_pages_take_a_record_in(therapist, client_for, record):
    browser = client_for(therapist)
    assert b"No records yet" in browser.get("/imports").content
    answer = browser.post("/imports/new", {"file": SimpleUploadedFile("record.json", as_file(record))})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    job = RecordImport.objects.get()
    assert "data-poll" in browser.get(page).content.decode()
    work_off(job)
    shown = browser.get(page).content.decode()
    assert record.patient.name in shown
    assert "Take in this record" in shown
    browser.post(f"{page}/confirm")
    work_off(job)
    told = browser.get(f"/patients/{record.patient.id}/exports/new").content.decode()
    assert record.practice.name in told.partition("Taken in on")[2]
    assert f"/patients/{record.patient.id}" in browser.get(page).content.decode()
    assert record.patient.name in browser.get("/imports").content.decode()


def test_a_page_names_what_is_here_already(therapist, client_for, record):
    taken_in(as_file(record), therapist)
    job = work_off(uploaded(as_file(record), therapist))
    shown = client_for(therapist).get(job.get_absolute_url()).content.decode()
    assert "Some of it is here already" in shown
    assert f"Session notes: {len(record.notes)}" in shown
    assert "Take in this record" not in shown


def test_the_schema_is_served(api_for, therapist):
    answer = api_for(therapist).get("/api/v1/schemas/record")
    assert answer.json()["$id"] == "urn:therapybridge:record:1"


def test_many_imports_take_no_more_queries_than_few(therapist, api_for, client_for, django_assert_max_num_queries):
    api, browser = api_for(therapist), client_for(therapist)

    def queries(get) -> int:
        with django_assert_max_num_queries(100) as found:
            get()
        return len(found)

    uploaded(b"{}", therapist)
    for get in (lambda: api.get("/api/v1/imports"), lambda: browser.get("/imports")):
        get()
    few = [queries(lambda: api.get("/api/v1/imports")), queries(lambda: browser.get("/imports"))]
    for _ in range(5):
        uploaded(b"{}", therapist)
    assert [queries(lambda: api.get("/api/v1/imports")), queries(lambda: browser.get("/imports"))] == few


def test_files_count_for_the_quota_until_they_are_discarded(therapist):
    job = uploaded(b"{}", therapist)
    RecordImport.objects.filter(pk=job.pk).update(size=GIGABYTE)
    therapist.clinic.storage_quota_gb = 1
    with pytest.raises(StorageQuotaReached):
        uploaded(b"{}", therapist)
    assert len(stored()) == 1
    discard_import(RecordImport.objects.get(pk=job.pk), by=Actor(user=therapist))
    assert usage_of(therapist.clinic).used == 0
    assert uploaded(b"{}", therapist)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["taken", "committed"])
def test_a_record_comes_in_once_though_the_database_fails_meanwhile(moment, therapist, record, monkeypatch):
    """Before its commit, and when only the answer to that is lost."""
    monkeypatch.setattr(reconnecting, "PAUSES", (0, 0))
    job = work_off(uploaded(as_file(record), therapist))
    confirm_import(job, by=Actor(user=therapist))
    failed = []

    def fail_once(**kwargs):
        if kwargs["moment"] == moment and not failed:
            failed.append(moment)
            raise OperationalError("server closed the connection unexpectedly")

    import_reached.connect(fail_once)
    job = work_off(job)
    import_reached.disconnect(fail_once)
    assert (job.status, failed) == ("completed", [moment])
    assert len(stored()) == (moment == "committed")  # the sweep removes it, whose row names none
    assert SessionNote.objects.count() == len(record.notes)
    assert AuditEvent.objects.filter(action="import.completed").count() == 1
