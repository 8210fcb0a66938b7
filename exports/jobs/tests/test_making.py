"""From a request to a file: what a worker makes, what stops it, and what it never leaves behind."""

import errno
import json
import os
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from accounts.consent.services.decisions import record_consent
from accounts.models import ConsentEntry, PatientProfile, TherapistPatient
from accounts.tests.factories import ConsentFactory, access_for, end_care
from audit.models import AuditEvent
from exports.builders import limits, pdf
from exports.builders.pdf_program import Keeper
from exports.builders.tests.programs import BEFORE_LOCKED, alter_program, ends, told_and_endless
from exports.jobs.models import ExportJob
from exports.jobs.services import control, making, storage
from exports.jobs.services.downloads import open_download
from exports.jobs.signals import export_reached
from exports.jobs.tests.conftest import work_off
from therapybridge.core import reconnecting
from therapybridge.core.errors import ConsentRequired
from timeline.tests.factories import make_event

pytestmark = pytest.mark.django_db
SHARED = {"basis": "treatment", "recipient": "Dr. Elsewhere", "purpose": "Treatment goes on there"}


@pytest.fixture
def at():
    """Have something happen when the work reaches a moment, once."""
    connected = []

    def happen(moment, what):
        def once(sender, job, moment, wanted=moment, **kwargs):
            if moment == wanted and once in connected:
                connected.remove(once)
                what(job)

        connected.append(once)
        export_reached.connect(once, weak=False, dispatch_uid=f"test {moment}")
        kept.append(f"test {moment}")

    kept: list[str] = []
    yield happen
    for uid in kept:
        export_reached.disconnect(dispatch_uid=uid)


def files():
    return [one for one in storage.folder().rglob("*") if one.is_file()] if storage.folder().exists() else []


def ended(patient):
    end_care(TherapistPatient.objects.get(patient=patient))


def withdraw(therapist, patient, kind="data_sharing"):
    record_consent(access_for(therapist, patient), [kind], "revoked", "verbal")


def denied(job, action="export.made"):
    rows = AuditEvent.objects.filter(action=action, outcome="denied", target_id=job.pk)
    return list(rows.values_list("reason", flat=True))


def test_an_export_is_made_and_downloaded(therapist, patient, made):
    assert (made.status, made.error_code, made.token) == ("completed", "", None)
    download = open_download(made, access=access_for(therapist, patient))
    content = download.file.read()
    assert (download.size, sha256(content).hexdigest()) == (made.size, made.sha256)
    assert json.loads(content)["patient"]["first_name"] == patient.first_name


def test_nothing_of_it_is_on_disk_in_clear_or_in_the_columns(therapist, patient, ask):
    make_event(patient, title="Quillfeather moved house")
    made = work_off(ask(recipient="Dr. Quillfeather", purpose="Quillfeather insurance"))
    (file,) = files()
    assert b"Quillfeather" not in file.read_bytes()
    assert b"therapybridge-record" not in file.read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exports_exportjob")
        assert "quillfeather" not in repr(cursor.fetchall()).lower()
    content = open_download(made, access=access_for(therapist, patient)).file.read()
    assert content.count(b"Quillfeather") == 3


def test_the_folder_has_one_file_of_the_export_that_only_its_owner_reads(made):
    (file,) = files()
    assert file == made.file
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.name == str(made.pk)


@pytest.mark.parametrize("moment", ["claimed", "collected", "drawn"])
def test_a_relation_that_ends_while_it_is_made_stops_it(patient, ask, at, moment):
    job = ask()
    at(moment, lambda job: ended(patient))
    done = work_off(job)
    assert (done.status, done.error_code, done.error_retriable) == ("failed", "access_ended", True)
    assert denied(job) == ["access_ended"]
    assert files() == []


@pytest.mark.parametrize("moment", ["claimed", "collected", "drawn"])
def test_a_consent_that_is_withdrawn_while_it_is_made_stops_it(therapist, patient, ask, at, moment):
    ConsentFactory(patient=patient, consent_type="data_sharing")
    job = ask(**SHARED)
    at(moment, lambda job: withdraw(therapist, patient))
    done = work_off(job)
    assert (done.status, done.error_code) == ("failed", "consent_required")
    assert denied(job) == ["consent_required"]
    assert files() == []


def test_one_that_waits_is_stopped_at_once_when_the_consent_is_withdrawn(therapist, patient, ask, committed):
    ConsentFactory(patient=patient, consent_type="data_sharing")
    job, other = ask(**SHARED), ask()
    with committed():
        withdraw(therapist, patient)
    states = dict(ExportJob.objects.values_list("pk", "error_code"))
    assert states == {job.pk: "consent_required", other.pk: ""}
    assert work_off(other).status == "completed"


def test_what_may_not_leave_is_not_even_collected(patient, ask, at):
    job = ask()
    ended(patient)
    at("collected", break_down)
    assert work_off(job).error_code == "access_ended"


def test_a_closed_account_stops_it(therapist, ask):
    job = ask()
    therapist.is_active = False
    therapist.save()
    assert work_off(job).error_code == "access_ended"


@pytest.mark.parametrize("extra", ["psychotherapy_notes", "private_events"])
def test_each_extra_needs_an_authorisation_of_its_own(therapist, patient, ask, extra):
    other = {"psychotherapy_notes": "private_events", "private_events": "psychotherapy_notes"}[extra]
    record_consent(access_for(therapist, patient), [other], "granted", "written")
    with pytest.raises(ConsentRequired) as caught:
        ask(extras=[extra])
    assert caught.value.errors == {"consent": [extra]}
    assert (
        AuditEvent.objects.filter(action="export.requested", outcome="denied", reason="consent_required").count() == 1
    )
    record_consent(access_for(therapist, patient), [extra], "granted", "written")
    job = ask(extras=[extra])
    ConsentEntry.objects.create(
        patient=patient, consent_type=extra, status="granted", method="written", expires_at=timezone.now()
    )
    assert work_off(job).error_code == "consent_required", "the authorisation has expired"


@pytest.mark.parametrize("basis", ["authorisation", "treatment", "payment"])
def test_what_leaves_by_the_patients_will_needs_consent_to_share(patient, ask, basis):
    with pytest.raises(ConsentRequired):
        ask(basis=basis)
    ConsentFactory(patient=patient, consent_type="data_sharing")
    assert work_off(ask(basis=basis)).status == "completed"


@pytest.mark.parametrize("basis", ["law", "court", "public_health", "threat", "oversight", "patient", "practice"])
def test_what_leaves_by_law_or_stays_within_needs_none(ask, basis):
    assert work_off(ask(basis=basis)).status == "completed"


@pytest.mark.parametrize("basis", ["law", "public_health", "threat"])
def test_part_2_knows_fewer_grounds_without_consent(patient, ask, basis):
    patient.profile.is_part_2 = True
    patient.profile.save()
    with pytest.raises(ConsentRequired):
        ask(basis=basis)
    ConsentFactory(patient=patient, consent_type="data_sharing")
    assert work_off(ask(basis=basis)).status == "completed"


@pytest.mark.django_db(transaction=True)
def test_the_file_stays_when_only_the_answer_to_the_commit_is_lost(ask, monkeypatch):
    job, database = ask(), type(connections["default"])
    commit, lost = database._commit, []

    def without_answer(self):
        commit(self)
        if lost and lost.pop():
            raise OperationalError("server closed the connection unexpectedly")

    def lose_it(sender, job, moment, **kwargs):
        if moment == "committing":
            lost.append(True)

    monkeypatch.setattr(database, "_commit", without_answer)
    export_reached.connect(lose_it)
    monkeypatch.setattr(reconnecting, "PAUSES", (0, 0))
    try:
        job = work_off(job)
    finally:
        export_reached.disconnect(lose_it)
    assert (job.status, job.file.exists(), len(files())) == ("completed", True, 1)
    assert AuditEvent.objects.filter(action="export.made").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_is_kept_though_the_database_fails_meanwhile(ask, at, monkeypatch):
    monkeypatch.setattr(reconnecting, "PAUSES", (0, 0))
    drawn = []

    def away(job):
        raise OperationalError("server closed the connection unexpectedly")

    at("drawn", drawn.append)
    at("committing", away)
    job = work_off(ask())
    assert (job.status, job.attempts, len(drawn), len(files())) == ("completed", 1, 1, 1)


def test_what_is_given_to_the_patient_holds_what_patients_may_see(therapist, patient, ask):
    make_event(patient, title="Told")
    make_event(patient, title="Hidden thought", is_private=True)
    content = {}
    for basis in ("practice", "patient"):
        made = work_off(ask(basis=basis, kind="timeline"))
        content[basis] = open_download(made, access=access_for(therapist, patient)).file.read()
    assert b"Told" in content["patient"]
    assert b"Hidden thought" not in content["patient"]
    assert b"Hidden thought" not in content["practice"], "it has no authorisation to leave"


def test_a_copy_for_the_patient_leaves_out_what_was_written_for_the_practice(therapist, patient, ask):
    PatientProfile.objects.filter(patient=patient).delete()
    PatientProfile.objects.create(patient=patient, medical_history="Quillfeather fever")
    found = {}
    for basis in ("practice", "patient"):
        made = work_off(ask(basis=basis))
        found[basis] = open_download(made, access=access_for(therapist, patient)).file.read()
    assert [b"Quillfeather" in found[basis] for basis in ("practice", "patient")] == [True, False]


def test_a_full_disk_says_so_leaves_nothing_and_can_be_retried(therapist, patient, ask, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    job = ask()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        failed = work_off(job)
    assert (failed.status, failed.error_code, failed.error_retriable) == ("failed", "storage_full", True)
    assert "not enough space" in failed.error_detail
    assert files() == []
    control.retry_export(failed, access=access_for(therapist, patient))
    assert work_off(job).status == "completed"


def test_a_document_that_takes_too_long_fails_for_good_and_leaves_nothing(ask, monkeypatch):
    monkeypatch.setattr(limits, "MAX_SECONDS", 0)
    failed = work_off(ask(format="docx"))
    assert (failed.status, failed.error_code, failed.error_retriable) == ("failed", "too_much_to_draw", False)
    assert "Choose a shorter period" in failed.error_detail
    assert files() == []


def break_down(job):
    raise RuntimeError("a defect")


def test_a_defect_is_tried_again_later_and_given_up_in_the_end(ask, at, settings):
    settings.JOB_BACKOFF_SECONDS, settings.JOB_MAX_ATTEMPTS = 0, 2
    job = ask()
    for _ in range(2):
        at("collected", break_down)
        with pytest.raises(RuntimeError):
            work_off(job)
        export_reached.disconnect(dispatch_uid="test collected")
    assert ExportJob.objects.get(pk=job.pk).last_error == "internal"
    done = work_off(job)
    assert (done.status, done.error_code, done.error_retriable) == ("failed", "gave_up", True)


def test_a_defect_waits_before_the_next_attempt(ask, at):
    job = ask()
    at("drawn", break_down)
    with pytest.raises(RuntimeError):
        work_off(job)
    assert ExportJob.claim(job.pk) is None
    assert files() == []


@pytest.mark.parametrize("moment", ["claimed", "collected", "drawn", "committing"])
def test_whoever_lost_the_lease_commits_nothing_and_leaves_no_file(ask, at, moment):
    job = ask()
    at(moment, lambda job: ExportJob.objects.filter(pk=job.pk).update(token=None, lease_until=None))
    done = work_off(job)
    assert done.status in ("pending", "processing")
    assert files() == []
    ExportJob.objects.filter(pk=job.pk).update(lease_until=None)  # over, as it will be
    assert work_off(job).status == "completed"
    assert len(files()) == 1


def test_the_file_of_a_killed_attempt_is_gone_after_the_next(ask):
    job = ask()
    storage.folder_of(job.pk).mkdir(parents=True)
    left = Path(storage.folder_of(job.pk) / "left")
    left.write_text("of a killed worker")
    made = work_off(job)
    assert files() == [made.file]


@pytest.mark.parametrize("moment", ["collected", "drawn"])
def test_a_cancelled_one_stops_and_can_be_made_again(therapist, patient, ask, at, moment):
    access, job = access_for(therapist, patient), ask()
    at(moment, lambda job: control.cancel_export(job, access=access))
    done = work_off(job)
    assert (done.status, done.error_code, done.error_retriable) == ("failed", "cancelled", True)
    assert files() == []
    control.retry_export(done, access=access)
    assert work_off(job).status == "completed"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("stop", "left"), [(control.cancel_export, [("failed", "cancelled")]), (control.delete_export, [])]
)
def test_one_that_is_stopped_while_its_document_is_drawn_keeps_no_worker(
    therapist, patient, ask, tmp_path, monkeypatch, stop, left
):
    access, job, begun = access_for(therapist, patient), ask(format="pdf"), tmp_path / "begun"
    os.mkfifo(begun)
    alter_program(tmp_path, monkeypatch, BEFORE_LOCKED, told_and_endless(begun))
    monkeypatch.setattr(pdf, "KEEPER", Keeper())
    drawing = []

    def stop_it():
        drawing.append(os.pidfd_open(int(begun.read_text())))
        stop(job, access=access)
        connection.close()

    person = Thread(target=stop_it, daemon=True)
    person.start()
    making.run(ExportJob.claim(job.pk))
    person.join()
    assert ends(drawing[0]), "it draws on"
    os.close(drawing[0])
    assert list(ExportJob.objects.values_list("status", "error_code")) == left
    assert files() == []


@pytest.mark.parametrize("moment", ["collected", "drawn"])
def test_one_that_is_deleted_while_it_is_made_leaves_no_file(therapist, patient, ask, at, moment):
    job = ask()
    at(moment, lambda job: control.delete_export(job, access=access_for(therapist, patient)))
    claimed = ExportJob.claim(job.pk)
    making.run(claimed)
    assert not ExportJob.objects.exists()
    assert files() == []


def test_a_second_worker_gets_nothing_to_do(ask):
    job = ask()
    assert ExportJob.claim(job.pk) is not None
    assert ExportJob.claim(job.pk) is None
