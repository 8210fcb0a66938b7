"""What is read of a transcript to judge one statement."""

import pytest

from sessions_app.pipeline.drafting.keyword_extractor import draft_notes
from sessions_app.pipeline.evidence import judge, numbers
from sessions_app.tests.talk import talk

TALK = talk(
    ("therapist", "How was your week?"),
    ("patient", "I argued with my mother on two evenings and afterwards I could not sleep."),
    ("therapist", "For next week, write down one worry each evening before you go to bed."),
    ("patient", "All right, I will write one down every evening."),
)


def test_the_numbers_of_the_whole_transcript_are_not_read_for_each_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    spoken_numbers = numbers.spoken_numbers
    monkeypatch.setattr(numbers, "spoken_numbers", lambda text: read.append(text) or spoken_numbers(text))
    assert judge(draft_notes(TALK, set()), TALK).supported
    assert read
    assert not any(all(line.text in text for line in TALK) for text in read)
