"""Handing out: each download is checked, on record, and in the accounting before the first byte leaves."""

from base64 import b64encode
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.consent.services.decisions import record_consent
from accounts.identity.services.storage import usage_of
from accounts.models import Disclosure, TherapistPatient
from accounts.tests.factories import CareFactory, ConsentFactory, TherapistFactory, access_for, end_care
from audit.models import AuditEvent
from audit.tests.full_disk import break_trail, mend_trail
from exports.builders import media_of
from exports.choices import ExportFormat, ExportKind
from exports.jobs.access import AccessEnded, ExportExpired
from exports.jobs.models import ExportJob
from exports.jobs.services import control, storage, sweeping
from exports.jobs.services.downloads import open_download
from exports.jobs.tests.conftest import work_off
from therapybridge.core.errors import Conflict, Forbidden, Unavailable

pytestmark = pytest.mark.django_db
NEW = "new:" + b64encode(bytes(range(32))).decode()


def path(job, verb="/download"):
    return f"/api/v1/exports/{job.pk}{verb}"


def outcomes(action):
    return list(AuditEvent.objects.filter(action=action).order_by("id").values_list("outcome", "reason"))


def test_each_download_is_on_record_and_in_the_accounting(api_for, therapist, patient, ask):
    job = work_off(ask(kind="timeline", start=timezone.localdate(), recipient="County court", purpose="As ordered"))
    for _ in range(2):
        answer = api_for(therapist).get(path(job))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Content-Length"] == str(len(b"".join(answer.streaming_content))) == str(job.size)
    rows = Disclosure.objects.filter(patient=patient)
    assert {(row.recipient, row.why, row.basis, row.recorded_by) for row in rows} == {
        ("County court", "As ordered", "practice", therapist)
    }
    assert [row.what for row in rows] == [rows[0].what] * 2
    assert rows[0].what.startswith("Timeline as JSON, from ")
    assert outcomes("export.downloaded") == [("ok", "")] * 2
    assert ExportJob.objects.get(pk=job.pk).downloads == 2


def test_the_headers_keep_it_out_of_caches_and_the_name_out_of_the_file_name(api_for, therapist, patient, made):
    headers = api_for(therapist).get(path(made)).headers
    day = timezone.localdate(made.completed_at, patient.clinic_zone)
    assert headers["Content-Disposition"] == f'attachment; filename="full-record-{day}.json"'
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", ExportKind.values)
def test_no_two_formats_share_a_file_name(kind):
    assert len({media_of(kind, form)[0] for form in ExportFormat.values}) == len(ExportFormat)
    assert media_of(kind, ExportFormat.FHIR)[0] == "fhir.json"


def test_a_look_at_the_headers_is_no_disclosure(api_for, therapist, made):
    answer = api_for(therapist).head(path(made))
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(made.size))
    assert not Disclosure.objects.exists()
    assert outcomes("export.read") == [("ok", "")]


def test_without_the_row_of_the_trail_nothing_leaves(therapist, patient, made):
    access = access_for(therapist, patient)
    break_trail()
    try:
        with pytest.raises(Exception, match="disk full"):
            open_download(made, access=access)
    finally:
        mend_trail()
    assert not Disclosure.objects.exists()


def test_a_relation_that_has_ended_opens_nothing_and_is_on_record(api_for, therapist, patient, made):
    access = access_for(therapist, patient)
    end_care(TherapistPatient.objects.get(patient=patient))
    assert api_for(therapist).get(path(made)).status_code == 404
    with pytest.raises(AccessEnded):
        open_download(made, access=access)
    assert outcomes("export.downloaded") == [("denied", "access_ended")] * 2
    assert not Disclosure.objects.exists()


def test_a_consent_that_was_withdrawn_is_asked_for_at_each_download(api_for, therapist, patient, ask):
    ConsentFactory(patient=patient, consent_type="data_sharing")
    job = work_off(ask(basis="payment"))
    assert api_for(therapist).get(path(job)).status_code == 200
    record_consent(access_for(therapist, patient), ["data_sharing"], "revoked", "verbal")
    answer = api_for(therapist).get(path(job))
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_required")
    assert outcomes("export.downloaded") == [("ok", ""), ("denied", "consent_required")]
    assert Disclosure.objects.count() == 1


def test_a_colleague_who_treats_the_patient_too_does_not_see_it(api_for, patient, made):
    colleague = TherapistFactory(clinic=patient.clinic)
    CareFactory(therapist=colleague, patient=patient)
    assert api_for(colleague).get(path(made)).status_code == 404
    assert api_for(colleague).get("/api/v1/exports").json()["results"] == []


def test_one_that_is_not_ready_says_so(api_for, therapist, ask):
    answer = api_for(therapist).get(path(ask()))
    assert (answer.status_code, answer.json()["code"]) == (409, "export_not_ready")


def test_after_seven_days_the_file_is_deleted_and_the_row_stays(therapist, patient, made, committed):
    access = access_for(therapist, patient)
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)), pytest.raises(ExportExpired):
        open_download(made, access=access)
    ExportJob.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with committed():
        assert (sweeping.expire(), sweeping.expire()) == (1, 0)
    job = ExportJob.objects.get(pk=made.pk)
    assert (job.status, job.path, job.file_key, made.file.exists()) == ("expired", "", None, False)
    with pytest.raises(ExportExpired):
        open_download(made, access=access)
    assert outcomes("export.expired") == [("ok", "")]


def test_a_changed_file_is_not_handed_out(therapist, patient, made):
    content = bytearray(made.file.read_bytes())
    content[5] ^= 1
    made.file.write_bytes(content)
    with pytest.raises(Unavailable) as caught:
        open_download(made, access=access_for(therapist, patient))
    assert caught.value.code == "file_damaged"
    assert not Disclosure.objects.exists()


def test_a_file_that_is_gone_is_said_to_be_damaged(therapist, patient, made):
    made.file.unlink()
    with pytest.raises(Unavailable) as refused:
        open_download(made, access=access_for(therapist, patient))
    assert refused.value.code == "file_damaged"


def test_deleting_removes_row_and_file_and_keeps_what_is_on_record(therapist, patient, made, committed):
    access = access_for(therapist, patient)
    open_download(made, access=access)
    with committed():
        control.delete_export(made, access=access)
    assert not ExportJob.objects.exists()
    assert not storage.folder_of(made.pk).exists()
    assert Disclosure.objects.count() == 1
    kept = AuditEvent.objects.filter(target_id=made.pk).values_list("action", flat=True)
    assert {"export.requested", "export.made", "export.downloaded", "export.deleted"} == set(kept)


def test_deleting_twice_is_a_conflict(therapist, patient, made):
    access = access_for(therapist, patient)
    control.delete_export(made, access=access)
    with pytest.raises(Conflict):
        control.delete_export(ExportJob(pk=made.pk, patient=patient), access=access)


def test_one_that_was_made_before_a_rotation_opens_after_it(settings, therapist, patient, made):
    before = open_download(made, access=access_for(therapist, patient)).file.read()
    file = made.file.read_bytes()
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *settings.FIELD_ENCRYPTION_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    job = ExportJob.objects.get(pk=made.pk)
    assert open_download(job, access=access_for(therapist, patient)).file.read() == before
    assert job.file.read_bytes() == file, "a rotation renews the key of the file, never the file"


def test_what_no_row_names_is_removed_once_it_is_an_hour_old(made, ask):
    waiting = ask()
    stray = storage.folder_of(ask().pk)
    ExportJob.objects.filter(pk=stray.name).delete()
    beside, begun = made.file.parent / "left", storage.folder_of(waiting.pk)
    for folder in (stray, begun):
        folder.mkdir(parents=True)
    orphans = [stray / "file", beside]
    for file in (*orphans, begun / "file"):
        file.write_text("x")
    assert sweeping.remove_orphans() == 0, "a worker may be writing it"
    old = timezone.now() + timedelta(hours=2)
    with time_machine.travel(old):
        assert sweeping.remove_orphans() == 2
    assert not any(file.exists() for file in orphans)
    assert not stray.exists()
    assert made.file.exists()
    assert (begun / "file").exists(), "it is still being made"


def test_an_access_that_was_for_another_patient_is_refused(therapist, made):
    other = CareFactory(therapist=therapist).patient
    with pytest.raises(Forbidden):
        open_download(made, access=access_for(therapist, other))


def test_a_file_counts_for_the_quota_until_it_expires(made, therapist):
    assert usage_of(therapist.clinic).used == made.size > 0
    ExportJob.objects.update(expires_at=timezone.now())
    sweeping.expire()
    assert usage_of(therapist.clinic).used == 0
