"""The pages on which a note is begun, written, signed and read."""

import re
from base64 import b64decode
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import CareFactory, PatientFactory, TherapistFactory, give_consents
from sessions_app.models import NoteTemplate, SessionNote
from sessions_app.notes.tests.notes import begin, drafted_session, sign
from sessions_app.pipeline.note_templates.content import Content

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def form_of(note: SessionNote, **fields: Any) -> dict[str, Any]:
    values = Content.from_json(note.content).values | fields
    return {"revision": note.revision} | {f"field-{key}": value or "" for key, value in values.items()}


def values_of(note: SessionNote) -> dict[str, Any]:
    return Content.from_json(SessionNote.objects.get(pk=note.pk).content).values


def test_a_note_is_begun_from_its_session_with_the_template_used_last(browser, session, therapist, patient):
    soap, dap = NoteTemplate.objects.get(key="soap"), NoteTemplate.objects.get(key="dap")
    page = browser.get(f"/sessions/{session.pk}/note")
    assert f'value="{soap.pk}" selected' in page.text
    browser.post(f"/sessions/{session.pk}/note/new", {"template": dap.pk})
    note = SessionNote.objects.get(session=session)
    assert browser.get(f"/sessions/{session.pk}/note").headers["Location"] == f"/notes/{note.pk}"
    later = drafted_session(therapist, patient)
    assert f'value="{dap.pk}" selected' in browser.get(f"/sessions/{later.pk}/note").text


def test_the_page_shows_transcript_values_evidence_and_what_is_missing(browser, session):
    note = begin(session)
    page = browser.get(f"/notes/{note.pk}").text
    assert "I lie awake because of work." in page
    assert 'data-segments="' in page
    assert "The draft says nothing about this" in page


@pytest.mark.parametrize(("key", "title"), [("soap", "SOAP note"), ("progress", "Progress note")])
def test_a_note_is_called_after_its_template_without_the_word_twice(browser, session, key, title):
    assert f"<h1>{title}</h1>" in browser.get(f"/notes/{begin(session, key).pk}").text


def test_lines_are_shown_as_they_were_said_on_both_pages(browser, therapist, patient):
    said = b"WEBVTT\n\n00:01.000 --> 00:02.500\nTherapist: Is 3 < 4 & {who} so?\n"
    session = drafted_session(therapist, patient, said)
    shown = "Is 3 &lt; 4 &amp; {who} so?"
    for path in (f"/notes/{begin(session).pk}", session.get_absolute_url()):
        page = browser.get(path).text
        line = page[page.index('<li class="line') : page.index("</li>", page.index('<li class="line'))]
        assert f'<span class="line__text">{shown}</span>' in line
        assert 'id="segment-0" data-start="1.00" data-end="2.50" data-index="0"' in line
        assert ('href="?show=note&amp;line=0#line"' in line) is path.startswith("/sessions/")


def test_a_script_saves_only_what_changed(browser, session):
    note = begin(session)
    stale = form_of(note, plan="stale", assessment="Better.") | {"changed": ["assessment"]}
    answer = browser.post(f"/notes/{note.pk}/save", stale, **JSON)
    assert answer.json()["revision"] == 2
    assert values_of(note)["assessment"] == "Better."
    assert values_of(note)["plan"] != "stale"


def test_a_script_learns_what_was_written_elsewhere(browser, session):
    note = begin(session)
    browser.post(f"/notes/{note.pk}/save", form_of(note, assessment="first") | {"changed": ["assessment"]}, **JSON)
    answer = browser.post(
        f"/notes/{note.pk}/save", form_of(note, objective="Pale.") | {"changed": ["objective"]}, **JSON
    )
    assert answer.json()["elsewhere"] == {"assessment": "first"}


def test_a_script_learns_of_a_conflict_by_field(browser, session):
    note = begin(session)
    for text in ("first", "second"):
        data = form_of(note, assessment=text) | {"changed": ["assessment"]}
        answer = browser.post(f"/notes/{note.pk}/save", data, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "edit_conflict")
    assert set(answer.json()["errors"]) == {"assessment"}
    assert values_of(note)["assessment"] == "first"


def test_without_a_script_a_conflict_shows_both_texts(browser, session):
    note = begin(session)
    browser.post(f"/notes/{note.pk}/save", form_of(note, assessment="first"))
    page = browser.post(f"/notes/{note.pk}/save", form_of(note, assessment="second"))
    assert page.status_code == 422
    assert "Changed in another tab" in page.text
    assert "second" in page.text
    assert "first" in page.text


def test_once_both_texts_were_shown_the_next_save_decides(browser, session):
    note = begin(session)
    browser.post(f"/notes/{note.pk}/save", form_of(note, assessment="first"))
    page = browser.post(f"/notes/{note.pk}/save", form_of(note, assessment="second"))
    shown = int(re.search(r'name="revision" value="(\d+)"', page.text)[1])
    browser.post(f"/notes/{note.pk}/save", form_of(note, assessment="both") | {"revision": shown})
    assert values_of(note)["assessment"] == "both"


def key_on(page: str) -> str:
    return re.search(r'data-copy-key="([^"]*)"', page)[1]


def test_the_key_of_unsaved_text_lives_as_long_as_the_sign_in(browser, client_for, session, therapist):
    path = f"/notes/{begin(session).pk}"
    key = key_on(browser.get(path).text)
    assert len(b64decode(key)) == 32
    assert key_on(browser.get(path).text) == key
    assert key_on(client_for(therapist).get(path).text) != key
    row = browser.session.session_key
    browser.post("/sign-out")
    assert not Session.objects.filter(pk=row).exists()
    assert all(key not in str(one.get_decoded()) for one in Session.objects.all())


def test_a_colleague_gets_no_key(client_for, session):
    colleague, note = TherapistFactory(clinic=session.clinic), begin(session)
    CareFactory(therapist=colleague, patient=session.patient)
    assert "data-copy-key" not in client_for(colleague).get(f"/notes/{note.pk}").text
    sign(note)
    assert key_on(client_for(session.therapist).get(f"/notes/{note.pk}").text)


def test_from_the_form_to_the_signature_in_two_requests(browser, session):
    note = begin(session)
    prepared = browser.post(f"/notes/{note.pk}/prepare", form_of(note, subjective="Sleeps badly."))
    assert prepared.headers["Location"] == f"/notes/{note.pk}/sign"
    page = browser.get(f"/notes/{note.pk}/sign")
    assert "Sleeps badly." in page.text
    revision = SessionNote.objects.get(pk=note.pk).revision
    browser.post(f"/notes/{note.pk}/sign", {"revision": revision})
    assert SessionNote.objects.get(pk=note.pk).status == "signed"
    signed = browser.get(f"/notes/{note.pk}").text
    assert f"Signed by {session.therapist.full_name}" in signed
    assert "data-note-field" not in signed


def test_signing_asks_for_a_recent_proof_of_identity(browser, session, settings):
    settings.STEP_UP_SECONDS = -1
    note = begin(session)
    for answer in (browser.get(f"/notes/{note.pk}/sign"), browser.post(f"/notes/{note.pk}/sign", {"revision": 1})):
        assert answer.status_code == 302
        assert "/account/confirm" in answer.headers["Location"]
    assert SessionNote.objects.get(pk=note.pk).status == "draft"


def test_statements_to_check_are_listed_before_signing(browser, session):
    extraction = session.extractions.get()
    evidence = {"segments": [1], "quote": ""}
    doubtful = {"id": "topic_summary", "state": "check", "reason": "content", "text": "He moved.", "evidence": evidence}
    extraction.notes["topic_summary"] = doubtful
    extraction.save()
    note = begin(session)
    page = browser.get(f"/notes/{note.pk}/sign").text
    assert "He moved." in page
    assert "Sign as" not in page


def test_an_addendum_is_printed_below_the_signed_note(browser, session):
    note = sign(begin(session))
    given = {"kind": "late_entry", "reason": "Forgotten", "text": "She also called."}
    browser.post(f"/notes/{note.pk}/addenda", given)
    for path in (f"/notes/{note.pk}", f"/notes/{note.pk}/print"):
        assert "She also called." in browser.get(path).text
    empty = browser.post(f"/notes/{note.pk}/addenda", given | {"text": ""})
    assert empty.status_code == 422


def test_a_colleague_reads_an_unsigned_note_and_cannot_write(client_for, session):
    colleague, note = TherapistFactory(clinic=session.clinic), begin(session)
    CareFactory(therapist=colleague, patient=session.patient)
    client = client_for(colleague)
    page = client.get(f"/notes/{note.pk}").text
    assert "Not signed." in page
    assert "data-note-field" not in page
    assert client.post(f"/notes/{note.pk}/save", form_of(note, plan="x")).status_code == 403


def test_the_list_needs_no_more_queries_for_more_notes(browser, session, therapist):
    begin(session)
    browser.get("/notes")
    with CaptureQueriesContext(connection) as few:
        browser.get("/notes")
    for _ in range(3):
        relation = CareFactory(therapist=therapist, patient=PatientFactory(clinic=therapist.clinic))
        give_consents(relation.patient)
        begin(drafted_session(therapist, relation.patient))
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/notes?status=unsigned")
    assert page.text.count('href="/notes/') >= 4
    assert len(many) <= len(few)


def test_an_unsigned_note_waits_on_today_until_it_is_signed(browser, session):
    note = begin(session)
    assert f'href="/notes/{note.pk}"' in browser.get("/today").text
    assert f'href="/notes/{note.pk}"' in browser.get(f"/sessions/{session.pk}").text
    sign(note)
    assert f'href="/notes/{note.pk}"' not in browser.get("/today").text


def test_the_session_of_a_signed_note_offers_no_correction(browser, session):
    path = f"/sessions/{session.pk}"
    assert "Swap speakers" in browser.get(path).text
    sign(begin(session))
    page = browser.get(path).text
    assert "Signed note" in page
    for offered in ("Swap speakers", "Redraft", 'title="Change who said this"'):
        assert offered not in page
