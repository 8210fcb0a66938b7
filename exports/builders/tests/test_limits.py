"""However large a record is, building its document ends in time, and soon after nobody waits for it any more."""

from functools import partial
from io import BytesIO

import pytest

from exports.builders import build, csv, docx, fhir, limits
from exports.builders.limits import TooMuchToDraw, go_on, limited
from exports.builders.outline import outline_of
from exports.choices import ExportKind
from exports.tests.records import record_with


def record(sessions=2):
    return record_with(kind=ExportKind.FULL_RECORD, sessions=sessions, lines=20, words=20, events=4, points=4)


# JSON is written in one step, which takes a quarter of a second for 200 sessions.
@pytest.mark.parametrize("form", ["pdf", "docx", "csv", "fhir"])
def test_a_document_that_takes_too_long_is_given_up(form, monkeypatch):
    monkeypatch.setattr(limits, "MAX_SECONDS", 0)
    with pytest.raises(TooMuchToDraw):
        build(form, record(), BytesIO())


def times(make):
    """How often it asks."""
    asked = []
    with limited(lambda: asked.append(1)):
        make()
    return len(asked)


@pytest.mark.parametrize("builder", [csv.build, fhir.build, lambda one, file: outline_of(one)])
def test_a_longer_document_asks_more_often(builder):
    short, long = (times(partial(builder, record(sessions), BytesIO())) for sessions in (2, 7))
    assert long - short >= 5


def test_a_word_document_asks_while_it_is_written_too():
    held = record()
    assert times(lambda: docx.build(held, BytesIO())) > times(lambda: outline_of(held)) + 20


def test_the_limit_ends_with_the_document(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SECONDS", 0)
    with pytest.raises(TooMuchToDraw):
        build("csv", record(), BytesIO())
    go_on()
