"""Each template of the product over five sessions of the demonstration: what is filled has evidence."""

import re
from html import unescape

import pytest

from sessions_app.models import Transcript
from sessions_app.notes.contexts.notes import read_parts, unwritten
from sessions_app.notes.services import removal
from sessions_app.notes.tests.notes import access_of, begin, drafted_session
from sessions_app.pipeline.note_templates.autofill import LEADS
from sessions_app.pipeline.note_templates.content import Content, FieldContent
from sessions_app.pipeline.note_templates.system import KEYS
from therapybridge.demo import script, speech

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SESSIONS = (
    *("elena/02-ten-minutes", "samuel/02-voicemail", "walter/02-more-ceiling"),
    *("claire/02-the-mirror", "jun/02-the-mirror-test"),
)


def require_evidence(field: FieldContent, lines: dict[int, str], *, is_prose: bool) -> None:
    """Every piece cites lines that are there, its quote stands in them, and nothing but pieces fills a text."""
    assert field.origin == "draft"
    assert field.evidence
    rest = str(field.value)
    for piece in sorted(field.evidence, key=lambda piece: -len(piece.text)):  # one may begin as another does
        assert piece.segments
        cited = " ".join(lines[index] for index in piece.segments)
        assert piece.quote in cited
        rest = rest.replace(" ".join(piece.text.split()), "")
    for lead in LEADS.values():
        rest = rest.replace(f"{lead}:", "")
    assert not is_prose or not re.sub(r"[\s;]", "", rest)


@pytest.mark.parametrize("name", SESSIONS)
def test_every_filled_field_has_evidence_and_every_other_is_not_assessed(therapist, patient, client_for, name):
    session = drafted_session(therapist, patient, speech.transcript_file(script.meeting_named(name)))
    lines = {line.index: line.text for line in Transcript.objects.get(session=session).lines}
    browser = client_for(therapist)
    for key in KEYS:
        note = begin(session, key)
        content = Content.from_json(note.content)
        filled = {name: field for name, field in content.fields.items() if field.origin != "empty"}
        assert filled, key
        prose = {field.id: field.is_prose for field in note.template_version.parsed.all_fields}
        for key_of, field in filled.items():
            require_evidence(field, lines, is_prose=prose[key_of])
        shown = re.findall(r"Not assessed: (.*?)</p>", browser.get(f"/notes/{note.pk}/print").text)
        assert [unescape(line) for line in shown] == list(filter(None, [unwritten(list(read_parts(note, content)))]))
        removal.delete_note(note, "The next template", access=access_of(session))
