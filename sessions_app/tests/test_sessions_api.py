"""API endpoints for sessions: input, errors, access and query counts."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.consent.services.decisions import record_consent
from accounts.models import User
from accounts.tests.factories import CareFactory, PatientFactory, access_for, give_consents
from audit.models import AuditEvent
from sessions_app.conftest import WHEN
from sessions_app.models import ProcessingJob, Recording, TherapySession
from sessions_app.services import sessions
from sessions_app.tests.audio_files import dialogue, write, write_film

pytestmark = pytest.mark.django_db
kept_on_commit = pytest.mark.django_db(transaction=True)  # what a rolled back upload stored is removed
Api = Callable[[User], APIClient]
DATE = WHEN.isoformat()


def send(client: APIClient, patient: User, data: bytes, name: str = "talk.flac", **headers: str) -> Any:
    form = {"patient": str(patient.pk), "session_date": DATE, "file": SimpleUploadedFile(name, data)}
    return client.post("/api/v1/sessions/upload", form, format="multipart", **headers)


def nothing_stored(folder: Path) -> bool:
    rows = TherapySession.objects.exists() or Recording.objects.exists() or ProcessingJob.objects.exists()
    return not rows and not [path for path in folder.rglob("*") if path.is_file()]


@kept_on_commit
def test_an_upload_is_accepted_with_its_session(
    api_for: Api, therapist: User, patient: User, talk: Path, settings: Any
) -> None:
    answer = send(api_for(therapist), patient, talk.read_bytes())
    body = answer.json()
    assert answer.status_code == 202
    assert (body["status"], body["title"], body["error"]) == ("pending", "Session #1", None)
    assert body["progress"] == {
        "stage": "check",
        "percent": 0,
        "eta_seconds": None,
        "waits_for": "",
        "waiting_code": "",
    }
    recording = Recording.objects.get(session=body["id"])
    assert recording.file.read_bytes() == talk.read_bytes()
    assert recording.file.is_relative_to(settings.STORAGE_DIR / "recordings")
    assert AuditEvent.objects.filter(action="recording.uploaded", patient_id=patient.pk).count() == 1


@pytest.mark.parametrize("kind", ["mp3", "wav", "m4a", "mp4", "browser.webm", "ogg", "opus", "flac"])
def test_every_format_is_accepted(kind: str, api_for: Api, therapist: User, patient: User, tmp_path: Path) -> None:
    tracks, _ = dialogue(2)
    sound = write(tmp_path / f"talk.{kind}", [sum(tracks)], kind)
    answer = send(api_for(therapist), patient, sound.read_bytes(), f"talk.{kind}")
    assert answer.status_code == 202, answer.content


def long_flac(path: Path) -> bytes:
    """Ten seconds whose header tells of fifty hours."""
    rate = 8000
    with av.open(str(path), "w", format="flac") as target:
        stream = target.add_stream("flac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 10 * rate), dtype=np.int16), format="s16", layout="mono")
        frame.sample_rate = rate
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    whole = bytearray(path.read_bytes())
    # The last 36 bits of these eight bytes count the samples (RFC 9639, section 8.2).
    told = int.from_bytes(whole[18:26], "big") >> 36 << 36 | 50 * 3600 * rate
    whole[18:26] = told.to_bytes(8, "big")
    return bytes(whole)


def truncated_m4a(path: Path) -> bytes:
    tracks, _ = dialogue(2)
    whole = write(path, [sum(tracks)], "m4a").read_bytes()
    return whole[: len(whole) // 2]


REFUSED: dict[str, tuple[Callable[[Path], bytes], int, str]] = {
    "empty.mp3": (lambda _: b"", 422, "empty"),
    "text.mp3": (lambda _: b"Dear diary, " * 200, 415, "not_audio"),
    "page.mp3": (lambda _: b"<!doctype html><html><body>" + b"<p>hello</p>" * 200, 415, "not_audio"),
    "archive.mp3": (lambda _: b"PK\x03\x04" + bytes(4000), 415, "not_audio"),
    "script.mp3": (lambda _: b"#!/bin/sh\nrm -rf /\n" + b"# more\n" * 300, 415, "not_audio"),
    "list.mp3": (lambda _: b"#EXTM3U\n" + b"http://127.0.0.1:9/secret.mp3\n" * 60, 415, "not_audio"),
    "concat.mp3": (lambda _: b"ffconcat version 1.0\n" + b"file /etc/passwd\n" * 90, 415, "not_audio"),
    "film.mp4": (lambda folder: write_film(folder / "film.mp4").read_bytes(), 422, "no_audio"),
    "cut.m4a": (lambda folder: truncated_m4a(folder / "cut.m4a"), 422, "truncated"),
    "../../name.mp3": (lambda _: b"not a sound at all" * 100, 415, "not_audio"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_recording_is_refused_and_leaves_nothing(
    name: str, api_for: Api, therapist: User, patient: User, tmp_path: Path, settings: Any
) -> None:
    make, status, code = REFUSED[name]
    folder = tmp_path / "made"
    folder.mkdir()
    answer = send(api_for(therapist), patient, make(folder), name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert nothing_stored(settings.STORAGE_DIR)


@pytest.mark.slow
def test_fifty_hours_are_refused_from_the_header(
    api_for: Api, therapist: User, patient: User, tmp_path: Path, settings: Any
) -> None:
    answer = send(api_for(therapist), patient, long_flac(tmp_path / "long.flac"))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
    assert nothing_stored(settings.STORAGE_DIR)


def test_a_body_over_the_limit_is_refused_before_it_is_read(
    api_for: Api, client_for: Any, therapist: User, patient: User, talk: Path, settings: Any
) -> None:
    said = str(settings.MAX_RECORDING_BYTES + 2 * 1024**2)
    answer = send(api_for(therapist), patient, talk.read_bytes(), CONTENT_LENGTH=said)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    form = {
        "patient": str(patient.pk),
        "session_date": "2026-03-02T10:00",
        "file": SimpleUploadedFile("talk.flac", talk.read_bytes()),
    }
    assert client_for(therapist).post("/sessions/new", form, CONTENT_LENGTH=said).status_code == 413
    assert nothing_stored(settings.STORAGE_DIR)


@kept_on_commit
def test_a_client_name_with_a_path_is_only_a_name(
    api_for: Api, therapist: User, patient: User, talk: Path, settings: Any
) -> None:
    assert send(api_for(therapist), patient, talk.read_bytes(), "../../name.mp3").status_code == 202
    (stored,) = [path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]
    assert "name" not in stored.name


def test_the_same_recording_is_not_taken_twice(api_for: Api, therapist: User, patient: User, talk: Path) -> None:
    client = api_for(therapist)
    assert send(client, patient, talk.read_bytes()).status_code == 202
    again = send(client, patient, talk.read_bytes())
    assert (again.status_code, again.json()["code"]) == (409, "duplicate_recording")
    assert TherapySession.objects.count() == 1


@pytest.mark.parametrize("uploader", ["other_therapist", "foreign_therapist"])
def test_the_same_recording_of_somebody_elses_patient_is_nobodys_business(
    api_for: Api, therapist: User, patient: User, talk: Path, uploader: str, request: pytest.FixtureRequest
) -> None:
    assert send(api_for(therapist), patient, talk.read_bytes()).status_code == 202
    other: User = request.getfixturevalue(uploader)
    their_patient = CareFactory(therapist=other, patient=PatientFactory(clinic=other.clinic)).patient
    give_consents(their_patient)
    assert send(api_for(other), their_patient, talk.read_bytes()).status_code == 202
    assert Recording.objects.values("sha256").distinct().count() == 1


def test_whoever_changes_clinics_leaves_their_recordings_behind(
    api_for: Api, therapist: User, patient: User, foreign_therapist: User, talk: Path
) -> None:
    assert send(api_for(therapist), patient, talk.read_bytes()).status_code == 202
    User.objects.filter(pk=therapist.pk).update(clinic=foreign_therapist.clinic)  # nobody ended the relation
    therapist.refresh_from_db()
    newcomer = CareFactory(therapist=therapist, patient=PatientFactory(clinic=therapist.clinic)).patient
    give_consents(newcomer)
    assert send(api_for(therapist), newcomer, talk.read_bytes()).status_code == 202


@kept_on_commit
def test_a_repeated_request_gets_the_first_answer(
    api_for: Api, therapist: User, patient: User, talk: Path, settings: Any
) -> None:
    client = api_for(therapist)
    first = send(client, patient, talk.read_bytes(), HTTP_IDEMPOTENCY_KEY="tap-1")
    again = send(client, patient, talk.read_bytes(), HTTP_IDEMPOTENCY_KEY="tap-1")
    other = send(client, patient, talk.read_bytes() + b"x", HTTP_IDEMPOTENCY_KEY="tap-1")
    assert (again.status_code, again.json()) == (202, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len([path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]) == 1


def test_without_consent_no_byte_is_kept(
    api_for: Api, therapist: User, patient: User, talk: Path, settings: Any
) -> None:
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    answer = send(api_for(therapist), patient, talk.read_bytes())
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_required")
    assert nothing_stored(settings.STORAGE_DIR)


@pytest.mark.parametrize(
    ("field", "value"),
    [("patient", "not-a-uuid"), ("session_date", "yesterday"), ("session_date", "2999-01-01T00:00:00Z")],
)
def test_a_wrong_field_is_named_and_nothing_stored(
    field: str, value: str, api_for: Api, therapist: User, patient: User, talk: Path, settings: Any
) -> None:
    form = {"patient": str(patient.pk), "session_date": DATE, "file": SimpleUploadedFile("a.flac", talk.read_bytes())}
    answer = api_for(therapist).post("/api/v1/sessions/upload", form | {field: value}, format="multipart")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert nothing_stored(settings.STORAGE_DIR)


def test_a_session_with_an_uploaded_transcript(api_for: Api, therapist: User, patient: User) -> None:
    client = api_for(therapist)
    made = client.post("/api/v1/sessions", {"patient": str(patient.pk), "session_date": DATE}, format="json")
    assert made.status_code == 201
    url = f"/api/v1/sessions/{made.json()['id']}"
    cues = ["00:00.000 --> 00:04.000\n<v Therapist>How are you?", "00:05.000 --> 00:09.000\n<v Patient>Tired."]
    lines = "\n\n".join(["WEBVTT", *cues]).encode()
    sent = client.post(f"{url}/transcript", {"file": SimpleUploadedFile("talk.vtt", lines)}, format="multipart")
    assert (sent.status_code, sent.json()["status"]) == (202, "transcribed")
    shown = client.get(f"{url}/transcript").json()
    assert [(line["start"], line["speaker"]) for line in shown["segments"]] == [(0.0, "therapist"), (5.0, "patient")]
    twice = client.post(f"{url}/transcript", {"file": SimpleUploadedFile("talk.vtt", lines)}, format="multipart")
    assert (twice.status_code, twice.json()["code"]) == (409, "has_transcript")


@pytest.mark.parametrize("verb", ["", "/retry", "/cancel", "/extract-notes", "/approve-summary"])
def test_only_uploads_take_a_form(verb: str, api_for: Api, therapist: User, processed: TherapySession) -> None:
    url = f"/api/v1/sessions/{processed.pk}{verb}" if verb else "/api/v1/sessions"
    body = {"patient": str(processed.patient_id), "session_date": DATE, "text": "You slept badly."}
    answer = api_for(therapist).post(url, body, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media")


def test_a_transcript_over_its_own_limit_is_refused_before_it_is_read(
    api_for: Api, therapist: User, patient: User
) -> None:
    session = sessions.create_session(access_for(therapist, patient), WHEN)
    answer = api_for(therapist).generic(
        "POST",
        f"/api/v1/sessions/{session.pk}/transcript",
        content_type="multipart/form-data; boundary=x",  # of a body that never comes
        CONTENT_LENGTH=str(7 * 1024 * 1024),
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["detail"] == "The file is larger than 5 MB."


def test_notes_come_with_their_evidence_and_the_summary(
    api_for: Api, therapist: User, processed: TherapySession
) -> None:
    body = api_for(therapist).get(f"/api/v1/sessions/{processed.pk}/notes").json()
    assert (body["refused"], body["refused_reasons"], body["kept"], body["deleted"]) == (0, {}, 0, 0)
    assert body["supported"] > 0
    assert body["quality_notice"].startswith("Keyword-based draft")
    (evidence,) = [topic["evidence"] for topic in body["notes"]["key_topics"] if topic["topic"] == "sleep"]
    assert evidence["quote"] in "How did you sleep?"
    assert evidence["segments"] == [0]
    assert body["patient_summary"]["approved_at"] is None


def test_approving_with_own_words(api_for: Api, therapist: User, processed: TherapySession) -> None:
    client = api_for(therapist)
    url = f"/api/v1/sessions/{processed.pk}/approve-summary"
    body = client.post(url, {"text": "You slept badly."}, format="json").json()
    assert (body["text"], body["is_edited"]) == ("You slept badly.", True)
    assert client.post(url, {"text": "x" * 5001}, format="json").status_code == 400
    assert AuditEvent.objects.filter(action="summary.approved").count() == 1


def test_nothing_to_approve_is_a_conflict(api_for: Api, therapist: User, patient: User) -> None:
    session = sessions.create_session(access_for(therapist, patient), WHEN)
    answer = api_for(therapist).post(f"/api/v1/sessions/{session.pk}/approve-summary", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_summary")


def test_verbs_that_do_not_fit_the_state_are_conflicts(
    api_for: Api, therapist: User, processed: TherapySession
) -> None:
    client = api_for(therapist)
    codes = [client.post(f"/api/v1/sessions/{processed.pk}/{verb}").json()["code"] for verb in ("retry", "cancel")]
    assert codes == ["not_failed", "not_running"]


@kept_on_commit
def test_the_recording_answers_ranges(api_for: Api, therapist: User, upload: Any, talk: Path) -> None:
    url = f"/api/v1/sessions/{upload().pk}/recording"
    client = api_for(therapist)
    part = client.get(url, HTTP_RANGE="bytes=100-199")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-199/{talk.stat().st_size}")
    assert b"".join(part.streaming_content) == talk.read_bytes()[100:200]
    whole = client.get(url)
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    assert b"".join(whole.streaming_content) == talk.read_bytes()
    assert client.get(url, HTTP_RANGE="bytes=99999999-").status_code == 416


def routes(session: TherapySession) -> Iterator[tuple[str, str]]:
    base = f"/api/v1/sessions/{session.pk}"
    yield from [("get", base), *(("get", f"{base}/{part}") for part in ("transcript", "notes", "recording"))]
    yield from (("post", f"{base}/{verb}") for verb in ("retry", "cancel", "extract-notes", "approve-summary"))
    page = f"/sessions/{session.pk}"
    yield from [("get", page), *(("get", f"{page}/{part}") for part in ("progress", "recording", "print"))]
    yield from (("post", f"{page}/{verb}") for verb in ("retry", "cancel", "draft", "summary", "speakers"))


@pytest.mark.slow
def test_strangers_find_nothing(
    api_for: Api,
    client_for: Any,
    processed: TherapySession,
    patient: User,
    other_therapist: User,
    foreign_therapist: User,
) -> None:
    before = list(TherapySession.objects.values())
    for person in (patient, other_therapist, foreign_therapist):
        for method, url in routes(processed):
            client = api_for(person) if url.startswith("/api/") else client_for(person)
            answer = getattr(client, method)(url)
            is_page_of_others = person.is_patient and not url.startswith("/api/")
            assert answer.status_code == (403 if is_page_of_others else 404), (person.role, method, url)
            assert b"breathing" not in answer.content
    assert list(TherapySession.objects.values()) == before


def test_a_denied_read_is_on_record(api_for: Api, processed: TherapySession, other_therapist: User) -> None:
    api_for(other_therapist).get(f"/api/v1/sessions/{processed.pk}")
    denied = AuditEvent.objects.get(outcome="denied")
    assert (denied.actor, denied.target_id) == (other_therapist, processed.pk)


def test_a_patient_uploads_nothing_and_the_attempt_is_on_record(
    api_for: Api, client_for: Any, patient: User, talk: Path, settings: Any
) -> None:
    assert send(api_for(patient), patient, talk.read_bytes()).status_code == 403
    assert client_for(patient).get("/sessions/new").status_code == 403
    assert nothing_stored(settings.STORAGE_DIR)
    denied = AuditEvent.objects.filter(outcome="denied", actor=patient, reason="role")
    assert set(denied.values_list("action", flat=True)) == {"recording.uploaded", "session.created"}


def test_an_ended_relation_closes_the_session_at_once(api_for: Api, therapist: User, processed: TherapySession) -> None:
    client = api_for(therapist)
    assert client.get(f"/api/v1/sessions/{processed.pk}").status_code == 200
    therapist.patient_relations.update(is_active=False)
    assert client.get(f"/api/v1/sessions/{processed.pk}").status_code == 404


def test_a_patient_of_others_cannot_be_given_a_session(
    api_for: Api, therapist: User, foreign_therapist: User, talk: Path
) -> None:
    theirs = foreign_therapist.patient_relations.get().patient
    client = api_for(therapist)
    assert send(client, theirs, talk.read_bytes()).status_code == 404
    body = {"patient": str(theirs.pk), "session_date": DATE}
    assert client.post("/api/v1/sessions", body, format="json").status_code == 404
    assert client.post("/api/v1/sessions", body | {"patient": str(uuid4())}, format="json").status_code == 404


def test_the_document_describes_every_route(api_for: Api, therapist: User) -> None:
    document = json.loads(
        api_for(therapist).get("/api/v1/schema", HTTP_ACCEPT="application/vnd.oai.openapi+json").content
    )
    assert {"/api/v1/sessions/upload", "/api/v1/sessions/{id}/approve-summary"} <= set(document["paths"])


def test_the_upload_page_tells_the_limit_in_force(
    client_for: Any, therapist: User, patient: User, settings: Any
) -> None:
    settings.MAX_RECORDING_BYTES = 7 * 1024 * 1024
    assert b"up to 7 MB" in client_for(therapist).get(f"/sessions/new?patient={patient.pk}").content


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_the_upload_page_says_what_is_wrong(
    accept: str, client_for: Any, therapist: User, patient: User, talk: Path
) -> None:
    def answer(**fields: Any) -> Any:
        form = {"patient": str(patient.pk), "session_date": "2026-03-02T10:00"} | fields
        return client_for(therapist).post("/sessions/new", form, headers={"Accept": accept})

    missing = answer()
    future = answer(session_date="2150-01-01T10:00", file=SimpleUploadedFile("a.flac", talk.read_bytes()))
    record_consent(access_for(therapist, patient), ["recording"], "revoked", "verbal")
    refused = answer(file=SimpleUploadedFile("a.flac", talk.read_bytes()))
    statuses = [400, 400, 403] if accept == "application/json" else [422, 422, 422]
    assert [missing.status_code, future.status_code, refused.status_code] == statuses
    assert b"Choose a recording, or add a transcript." in missing.content
    assert b"cannot be in the future" in future.content
    assert b"consent is missing: Recording" in refused.content
    if accept == "application/json":
        assert list(future.json()["errors"]) == ["session_date"]
        assert (refused.json()["code"], refused.json()["errors"]) == ("consent_required", {"consent": ["recording"]})
