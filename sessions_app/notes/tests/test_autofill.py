"""Each template of the product, filled from five conversations: what is filled has evidence, nothing else is said."""

import re
from html import unescape

import pytest

from sessions_app.models import NoteTemplate
from sessions_app.notes.services.writing import change_note_template, proposed
from sessions_app.notes.tests.notes import SAID, access_of, begin, drafted_session
from sessions_app.pipeline.note_templates.content import Content
from sessions_app.pipeline.note_templates.definition import is_empty
from sessions_app.pipeline.note_templates.system import KEYS

pytestmark = pytest.mark.django_db
TALKS = {
    "sleep": SAID,
    "panic": b"""Therapist: What happened on the train?
Patient: My heart was racing and I was afraid that I would faint.
Therapist: We practised box breathing together just now. How was it?
Patient: It helped, I feel calmer.
Therapist: Please practise box breathing twice a day until next week.
Patient: All right.
""",
    "grief": b"""Therapist: How have you been since the funeral?
Patient: I miss my mother every day. I feel so sad and I cry in the evening.
Therapist: On a scale of zero to ten, how is your mood?
Patient: A three, I would say.
Therapist: Next time we will talk about the letter to her.
Patient: I would like that.
""",
    "anger": b"""Therapist: You said that you argued with your brother.
Patient: I was angry because he never asks me. I shouted at him.
Therapist: What could you do when you notice the anger?
Patient: I could leave the room and count to ten.
""",
    "little": b"""Therapist: Hello, can you hear me?
Patient: Yes.
Therapist: We have to stop here today. See you next week.
Patient: See you.
""",
}


@pytest.fixture(params=TALKS)
def talk(request, therapist, patient):
    return drafted_session(therapist, patient, TALKS[request.param])


def not_assessed_in(page):
    """The fields that a note lists in one line as not assessed, without their sections."""
    lines = re.findall(r"Not assessed: (.*?)</p>", unescape(page.text))
    assert len(lines) <= 1
    labels = [label for line in lines for label in re.split("; " if "; " in line else ", ", line)]
    return [label.rpartition(": ")[2] for label in labels]


def test_what_is_filled_has_evidence_and_the_rest_is_not_assessed(talk, browser):
    lines = [line["text"] for line in talk.transcript.segments]
    note, access = begin(talk, KEYS[0]), access_of(talk)
    for key in KEYS:
        template = NoteTemplate.objects.get(key=key)
        definition = template.versions.latest("number").parsed
        for field in proposed(talk, definition).values():
            assert field.pieces, key
            for piece in field.pieces:
                assert piece.segments, piece
                cited = " ".join(lines[index] for index in piece.segments)
                assert piece.quote in cited
                assert piece.text in str(field.value) or piece.text == str(field.value)
        note = change_note_template(note, template, access=access)
        values = Content.from_json(note.content).values
        absent = [field.label for field in definition.all_fields if is_empty(values.get(field.id))]
        assert not_assessed_in(browser.get(f"/notes/{note.pk}/print")) == absent, key


def test_the_conversations_fill_every_template_that_can_be_filled(therapist, patient):
    filled = set()
    for said in TALKS.values():
        session = drafted_session(therapist, patient, said)
        definitions = {key: NoteTemplate.objects.get(key=key).versions.latest("number").parsed for key in KEYS}
        filled |= {key for key, definition in definitions.items() if proposed(session, definition)}
    assert filled == set(KEYS)
