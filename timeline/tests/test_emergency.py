"""Emergency access is read-only, audited as such, and ends to the second."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, resolve
from django.utils import timezone

from accounts.access import guard_of
from accounts.models import AccessRequest, BreakGlassGrant, ConsentEntry
from accounts.tests.factories import BreakGlassFactory, CareFactory, PatientFactory, access_for, give_consents
from audit.models import AuditEvent
from sessions_app.models import ProcessingJob, Recording
from sessions_app.notes.services.amendments import ask_amendment
from sessions_app.notes.tests.notes import begin, drafted_session, sign
from sessions_app.risk.tests.conftest import RISKY
from timeline.tests.factories import make_event, make_session

pytestmark = pytest.mark.django_db
OFFERED = ("access", "consent", "invite")
DATE = "2026-03-02T10:00"
WRITES = {"post", "put", "patch", "delete"}
ABSENT = "018f0000-0000-7000-8000-000000000000"
OF_PATIENTS_ALONE = (
    f"/account/requests/{ABSENT}/withdraw",
    f"/api/v1/access-requests/{ABSENT}/withdraw",
    f"/account/notes/{ABSENT}/corrections",
    f"/api/v1/patients/{ABSENT}/notes/{ABSENT}/amendments",
)
# Nobody else finds a deleted note, or a private one.
OF_AUTHORS_ALONE = (
    f"/api/v1/notes/{ABSENT}/restore",
    f"/notes/{ABSENT}/restore",
    *(f"/private-notes/{ABSENT}{verb}" for verb in ("", "/delete", "/restore")),
)
PRIVATE_NOTE = f"/api/v1/private-notes/{ABSENT}"
SOUND = b"RIFF" + bytes(2000)


@pytest.fixture
def session(patient, therapist):
    return make_session(patient, therapist)


@pytest.fixture
def recording(session, therapist, settings):
    settings.STORAGE_DIR.mkdir(parents=True, exist_ok=True)
    (settings.STORAGE_DIR / "talk.wav").write_bytes(SOUND)
    return Recording.objects.create(
        session=session,
        path="talk.wav",
        sha256="0" * 64,
        size=len(SOUND),
        mime="audio/wav",
        duration=1.0,
        channels=1,
        uploaded_by=therapist,
    )


@pytest.fixture
def grant(patient, other_therapist):
    return BreakGlassFactory(patient=patient, therapist=other_therapist)


def got(client, path, span=""):
    """The status of a response, after reading it completely."""
    answer = client.get(path, headers={"Range": span})
    answer.getvalue()
    return answer.status_code


def note_of(session):
    return session.clinical_notes.first() or begin(session)


def pages_that_read(patient, session):
    return [
        (f"/patients/{patient.pk}", "patient.read"),
        (f"/sessions/{session.pk}", "session.read"),
        (f"/sessions/{session.pk}/print", "notes.printed"),
        (f"/sessions/{session.pk}/recording", "recording.read"),
    ]


def api_that_reads(patient, session, event):
    return [
        (f"/api/v1/patients/{patient.pk}", "patient.details.read"),
        (f"/api/v1/patients/{patient.pk}/consents", "consent.listed"),
        (f"/api/v1/patients/{patient.pk}/timeline", "timeline.read"),
        (f"/api/v1/patients/{patient.pk}/timeline/{event.pk}", "timeline.event.read"),
        (f"/api/v1/sessions/{session.pk}", "session.read"),
        (f"/api/v1/sessions/{session.pk}/recording", "recording.read"),
        (f"/api/v1/notes/{note_of(session).pk}", "note.read"),
        (f"/api/v1/notes/{note_of(session).pk}/addenda", "note.read"),
        (f"/api/v1/notes/{note_of(session).pk}/versions", "note.versions.read"),
        (f"/api/v1/notes/{note_of(session).pk}/versions/1", "note.versions.read"),
        (f"/api/v1/notes/{note_of(session).pk}/diff", "note.versions.read"),
    ]


def test_the_list_of_its_sessions_carries_the_grant(api_for, patient, session, therapist, other_therapist, grant):
    """Filtering by a patient counts as reading that record; filtering by a stranger's patient reveals nothing."""

    def listed(who, named):
        api_for(who).get(f"/api/v1/sessions?patient={named}")
        event = AuditEvent.objects.filter(action="session.listed").first()
        return event.patient_id, event.grant_id, event.ids

    assert listed(other_therapist, patient.pk) == (patient.pk, grant.pk, [str(session.pk)])
    assert listed(therapist, patient.pk) == (patient.pk, None, [str(session.pk)])
    grant.delete()
    assert listed(other_therapist, patient.pk) == (None, None, [])


LISTS = ["/patients", "/sessions", "/notes", "/risk-reviews", "/today"]


@pytest.mark.parametrize("path", [*LISTS, *(f"/api/v1{path}" for path in LISTS[:-1])])
def test_a_list_that_shows_rows_of_the_record_carries_the_grant(
    client_for, api_for, patient, therapist, other_therapist, grant, path
):
    note_of(drafted_session(therapist, patient, RISKY))
    client = api_for(other_therapist) if path.startswith("/api") else client_for(other_therapist)

    def listed():
        assert client.get(path).status_code == 200
        return AuditEvent.objects.exclude(ids=[]).filter(actor=other_therapist).first().grant_id

    assert listed() == grant.pk
    grant.delete()
    own = PatientFactory(clinic=patient.clinic)
    CareFactory(therapist=other_therapist, patient=own)
    give_consents(own)
    note_of(drafted_session(other_therapist, own, RISKY))
    assert listed() is None


def test_a_list_under_two_accesses_names_both(client_for, patient, other_therapist, grant):
    second = BreakGlassFactory(therapist=other_therapist, patient=PatientFactory(clinic=patient.clinic))
    client_for(other_therapist).get("/patients")
    row = AuditEvent.objects.get(action="patient.listed")
    assert {str(row.grant_id), row.reason.removeprefix("also under ")} == {str(grant.pk), str(second.pk)}


def test_what_a_patient_asks_to_correct_is_not_shown_in_an_emergency(
    client_for, patient, session, therapist, other_therapist, grant
):
    note = sign(begin(drafted_session(therapist, patient)))
    ask_amendment(note, text="I live with my sister.", access=access_for(patient, patient))
    assert "I live with my sister." in client_for(therapist).get(f"/notes/{note.pk}").text
    assert "I live with my sister." not in client_for(other_therapist).get(f"/notes/{note.pk}").text


@pytest.mark.usefixtures("recording")
def test_every_read_carries_the_grant(client_for, api_for, patient, session, other_therapist, grant):
    reads = pages_that_read(patient, session)
    for client, wanted in (
        (client_for(other_therapist), reads),
        (api_for(other_therapist), api_that_reads(patient, session, make_event(patient))),
    ):
        for path, action in wanted:
            before = AuditEvent.objects.filter(action=action).count()
            assert got(client, path) in {200, 286}, path
            (row, *older) = AuditEvent.objects.filter(action=action).order_by("-id")
            assert (row.grant_id, row.patient_id, row.outcome) == (grant.pk, patient.pk, "ok"), path
            assert len(older) == before, path


def test_reads_of_who_treats_the_patient_carry_none(client_for, patient, therapist, grant):
    client_for(therapist).get(f"/patients/{patient.pk}")
    assert AuditEvent.objects.get(action="patient.read").grant_id is None


@pytest.mark.usefixtures("recording")
def test_it_closes_to_the_second_also_for_the_player(client_for, api_for, session, other_therapist, grant):
    paths = (f"/sessions/{session.pk}/recording", f"/api/v1/sessions/{session.pk}/recording")
    clients = (client_for(other_therapist), api_for(other_therapist))
    for client, path in zip(clients, paths, strict=True):
        assert got(client, path, "bytes=0-99") == 206
    BreakGlassGrant.objects.update(expires_at=timezone.now())
    for client, path in zip(clients, paths, strict=True):
        assert got(client, path, "bytes=100-199") == 404
    assert AuditEvent.objects.filter(action="recording.read", outcome="ok").count() == 2


def page_writes(patient, session):
    audio = SimpleUploadedFile("talk.wav", SOUND)
    new = {"patient": patient.pk, "session_date": DATE}
    yes = {"types": ["recording"], "status": "revoked", "method": "verbal"}
    given = {"day": "2026-03-01", "recipient": "x", "what": "x", "basis": "law"}
    asked = AccessRequest.objects.create(patient=patient, kind="view", due_at=timezone.now())
    note = note_of(session)
    written = {"revision": 1, "field-plan": "x"}
    return [
        (f"/patients/{patient.pk}/consent", yes),
        (f"/patients/{patient.pk}/consent/request", {"types": ["recording"]}),
        (f"/patients/{patient.pk}/consent/request/{asked.pk}/revoke", {}),
        (f"/patients/{patient.pk}/private-notes", {"text": "x"}),
        (f"/patients/{patient.pk}/edit", {"first_name": "x"}),
        *((f"/patients/{patient.pk}/{place}/new", {}) for place in ("exports", "export-schedules")),
        *((f"/patients/{patient.pk}/{place}", {}) for place in ("plans/new", "measures/assign", "measures/take/gad-7")),
        (f"/notes/{note.pk}/goals", {"reason": "x"}),
        (f"/patients/{patient.pk}/invite", {"email": "x@example.org"}),
        (f"/patients/{patient.pk}/access/{asked.pk}", {"status": "denied", "answer": "No."}),
        (f"/patients/{patient.pk}/disclosures", given),
        ("/sessions/new", new | {"transcript_text": "Therapist: Hello."}),
        ("/sessions/new", new | {"file": audio}),
        *((f"/sessions/{session.pk}/{verb}", {}) for verb in ("retry", "cancel", "draft", "speakers", "speakers/swap")),
        (f"/sessions/{session.pk}/speakers/line", {"line": "0", "speaker": "patient"}),
        *((f"/sessions/{session.pk}/statements/key_topics-0/{verb}", {"draft": 1}) for verb in ("keep", "delete")),
        (f"/sessions/{session.pk}/summary", {"text": "Hello."}),
        (f"/sessions/{session.pk}/summary/decline", {"text": "Hello."}),
        (f"/sessions/{session.pk}/summary/withdraw", {}),
        (f"/sessions/{session.pk}/note/new", {"template": note.template_version.template_id}),
        *((f"/notes/{note.pk}/{verb}", written) for verb in ("save", "regenerate", "template", "prepare", "sign")),
        (f"/notes/{note.pk}/cosign", {}),
        (f"/notes/{note.pk}/addenda", {"kind": "addendum", "reason": "x", "text": "x"}),
        (f"/notes/{note.pk}/delete", {"reason": "x"}),
        *((f"/notes/{note.pk}/{verb}", {}) for verb in ("withhold", "review", "release", "archive", "unarchive")),
    ]


def api_writes(patient, session, event):
    asked = AccessRequest.objects.create(patient=patient, kind="view", due_at=timezone.now())
    person, talk = f"/api/v1/patients/{patient.pk}", f"/api/v1/sessions/{session.pk}"
    note, template = f"/api/v1/notes/{note_of(session).pk}", str(note_of(session).template_version.template_id)
    audio = BytesIO(SOUND)
    audio.name = "talk.wav"
    new = {"patient": str(patient.pk), "session_date": f"{DATE}:00Z"}
    entry = {"event_type": "note", "event_date": f"{DATE}:00Z", "title": "x"}
    return [
        ("post", f"{person}/private-notes", {"text": "x"}, "json"),
        ("patch", person, {"first_name": "x"}, "json"),
        *(
            ("post", f"{person}/{list_}", {}, "json")
            for list_ in ("measures", "measure-assignments", "measure-schedules")
        ),
        *(("post", f"{person}/{place}", {}, "json") for place in ("export-schedules", "timeline/export")),
        ("put", f"{note}/goals", {"reason": "x"}, "json"),
        (
            "post",
            f"{person}/consents",
            {"types": ["recording"], "status": "revoked", "method": "verbal"},
            "json",
        ),
        (
            "post",
            f"{person}/disclosures",
            {"disclosed_at": f"{DATE}:00Z", "recipient": "x", "what": "x", "basis": "law"},
            "json",
        ),
        ("post", f"{person}/consents/request", {"types": ["recording"]}, "json"),
        ("delete", f"{person}/consents/request/{asked.pk}", None, "json"),
        ("post", f"{person}/access-requests", {"kind": "view"}, "json"),
        ("post", f"/api/v1/access-requests/{asked.pk}/handle", {"status": "in_progress"}, "json"),
        ("post", f"{person}/timeline", entry, "json"),
        ("patch", f"{person}/timeline/{event.pk}", {"title": "x"}, "json"),
        ("delete", f"{person}/timeline/{event.pk}", None, "json"),
        ("post", "/api/v1/sessions", new, "json"),
        ("post", "/api/v1/sessions/upload", new | {"file": audio}, "multipart"),
        ("post", f"{talk}/transcript", {"file": audio}, "multipart"),
        *(("post", f"{talk}/{verb}", None, "json") for verb in ("recording/link", "retry", "cancel", "extract-notes")),
        ("post", f"{talk}/speakers", {"voices": [{"voice": "A", "speaker": "patient"}]}, "json"),
        ("post", f"{talk}/speakers/lines", {"lines": [0], "speaker": "patient"}, "json"),
        ("post", f"{talk}/speakers/swap", None, "json"),
        ("post", f"{talk}/statements/key_topics-0/keep", {"version": 1}, "json"),
        ("post", f"{talk}/statements/key_topics-0/delete", {"version": 1}, "json"),
        ("post", f"{person}/private-notes", {"text": "x"}, "json"),
        *(("post", f"{note}/{verb}", {"reason": "x"}, "json") for verb in ("archive", "unarchive")),
        ("post", f"{talk}/approve-summary", {"text": "x"}, "json"),
        ("post", f"{talk}/decline-summary", {"text": "x"}, "json"),
        ("post", f"{talk}/withdraw-summary", {}, "json"),
        ("post", "/api/v1/notes", {"session": str(session.pk), "template": template}, "json"),
        ("patch", note, {"fields": {"plan": "x"}}, "json"),
        ("delete", note, {"reason": "x"}, "json"),
        ("post", f"{note}/template", {"template": template}, "json"),
        ("post", f"{note}/addenda", {"kind": "addendum", "reason": "x", "text": "x"}, "json"),
        *(("post", f"{note}/{verb}", None, "json") for verb in ("regenerate", "finalize", "sign", "cosign")),
        *((verb, f"{note}/withholding", None, "json") for verb in ("post", "patch", "delete")),
    ]


def test_no_page_writes_under_a_grant(client_for, patient, session, other_therapist, grant):
    browser, writes = client_for(other_therapist), page_writes(patient, session)
    before = _state(patient)
    for number, (path, body) in enumerate(writes, start=1):
        # The form of a new session knows only whom its therapist treats.
        assert browser.post(path, body).status_code == (422 if path == "/sessions/new" else 403), path
        assert AuditEvent.objects.filter(outcome="denied", grant_id=grant.pk).count() == number, path
    assert _state(patient) == before


def test_no_api_writes_under_a_grant(api_for, patient, session, other_therapist, grant):
    event = make_event(patient)
    device, writes = api_for(other_therapist), api_writes(patient, session, event)
    before = _state(patient)
    for number, (method, path, body, form) in enumerate(writes, start=1):
        assert getattr(device, method)(path, body, format=form).status_code == 403, path
        assert AuditEvent.objects.filter(outcome="denied", grant_id=grant.pk).count() == number, path
    assert _state(patient) == before


def routes_that_write(pattern=None, prefix=""):
    """(method, route) of every writing endpoint and page of patients' records and sessions."""
    for one in (pattern or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes_that_write(one, route)
        elif any(word in route for word in ("patient_id", "request_id", "sessions", "notes")) and "admin" not in route:
            yield from ((verb, route) for verb in sorted(_verbs(one.callback) & WRITES))


def _verbs(callback):
    if guard := guard_of(callback):
        return {verb.lower() for verb in guard.methods}
    if hasattr(callback, "actions"):
        return set(callback.actions)
    return {verb for verb in WRITES if hasattr(callback.view_class, verb)}


def test_no_way_to_write_is_forgotten(patient, session):
    tried = {("post", resolve(path).route) for path, _ in page_writes(patient, session)}
    tried |= {(verb, resolve(path).route) for verb, path, *_ in api_writes(patient, session, make_event(patient))}
    of_others = {("post", resolve(path).route) for path in (*OF_PATIENTS_ALONE, *OF_AUTHORS_ALONE)}
    of_others |= {(verb, resolve(PRIVATE_NOTE).route) for verb in ("patch", "delete")}
    assert sorted(set(routes_that_write()) - tried - of_others) == []


def test_the_record_offers_nothing_to_write(client_for, patient, session, therapist, other_therapist, grant):
    offered = f"/sessions/new?patient={patient.pk}"
    ProcessingJob.objects.create(session=session)
    for person, is_offered in ((therapist, True), (other_therapist, False)):
        browser = client_for(person)
        assert (f'value="{patient.pk}"' in browser.get(offered).content.decode()) is is_offered
        assert (f"/sessions/{session.pk}/cancel" in browser.get("/sessions/running").content.decode()) is is_offered
    assert offered in client_for(therapist).get(f"/patients/{patient.pk}").content.decode()
    page = client_for(other_therapist).get(f"/patients/{patient.pk}").content.decode()
    assert offered not in page
    assert "End now" in page


def test_who_is_assigned_meanwhile_is_offered_what_is_accepted(client_for, api_for, patient, other_therapist, grant):
    CareFactory(therapist=other_therapist, patient=patient)
    page = client_for(other_therapist).get(f"/patients/{patient.pk}").content.decode()
    offered = [f"/sessions/new?patient={patient.pk}", *(f"/patients/{patient.pk}/{part}" for part in OFFERED)]
    assert all(link in page for link in offered)
    assert "End now" in page
    device, url = api_for(other_therapist), f"/api/v1/patients/{patient.pk}/timeline"
    written = device.post(
        url, {"event_type": "note", "event_date": "2026-03-02T10:00:00Z", "title": "x"}, format="json"
    )
    assert written.status_code == 201
    assert device.patch(f"{url}/{written.json()['id']}", {"title": "y"}, format="json").status_code == 200


def test_the_printed_page_shows_the_banner(client_for, session, other_therapist, grant):
    assert "End now" in client_for(other_therapist).get(f"/sessions/{session.pk}/print").content.decode()


def _state(patient):
    """Everything that these writes would change."""
    patient.refresh_from_db()
    return (
        patient.first_name,
        ConsentEntry.objects.filter(patient=patient).count(),
        patient.disclosures.count(),
        list(patient.access_requests.values_list("status", flat=True)),
        list(patient.sessions.values_list("pk", "status")),
        list(patient.timeline_events.values_list("pk", "title", "deleted_at")),
        list(patient.clinical_notes.values_list("pk", "revision", "status", "deleted_at")),
    )
