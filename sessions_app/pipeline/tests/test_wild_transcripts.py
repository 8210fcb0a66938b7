"""The corpus of wild transcripts is sound in itself; importers are judged elsewhere."""

import html
import json
import re
from dataclasses import replace

import pytest

from sessions_app.pipeline.tests.corpora.wild.conversations import SLEEP
from sessions_app.pipeline.tests.corpora.wild.model import wild
from sessions_app.pipeline.tests.corpora.wild_transcripts import REFUSED, WILD, Line, WildTranscript, mismatches

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def words_of(case: WildTranscript) -> list[str]:
    """The file's words, with escapes and entities resolved and invisible characters removed."""
    text = case.data.decode(case.encoding, errors="replace")
    if text.lstrip("\ufeff")[:1] in {"{", "["} and case.filename.endswith(("json", "txt")):
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return words(INVISIBLE.sub("", html.unescape(text.replace("\\n", "\n"))))


def holds_in_order(found: list[str], wanted: list[str]) -> bool:
    rest = iter(found)
    return all(word in rest for word in wanted)


@pytest.mark.parametrize("case", WILD, ids=lambda case: case.id)
def test_a_wild_file_holds_the_words_of_its_twin(case):
    found = words_of(case)
    wanted = [word for line in case.twin for word in words(line.text)]
    assert len(wanted) > 5
    assert set(wanted) <= set(found)
    assert case.order != "source" or holds_in_order(found, wanted)


def test_the_corpus_is_as_large_as_promised():
    pages = [case for case in WILD if case.id.startswith("page-")]
    assert len(WILD) - len(pages) >= 48
    assert len(pages) >= 10
    assert len(REFUSED) >= 12


def test_every_file_is_there_once():
    cases = [*WILD, *REFUSED]
    assert len({case.id for case in cases}) == len(cases)
    assert len({case.data for case in cases}) == len(cases)
    assert all(case.why for case in cases)


def test_the_patient_speaks_of_the_risk():
    for case in WILD:
        voices = {line.label for line in case.twin}
        assert len(case.twin) >= 3, case.id
        assert case.patient in voices, case.id
        assert case.patient != case.twin[0].label or voices == {None}, case.id


def test_a_twin_matches_itself():
    assert {case.id: found for case in WILD if (found := mismatches(case, case.twin))} == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda line: replace(line, text=line.text.removesuffix(line.text.split()[-1])),
        lambda line: replace(line, text=f"{line.label}: {line.text}"),
        lambda line: replace(line, label="Somebody else"),
        lambda line: replace(line, label=None),
        lambda line: replace(line, start=line.start + 0.06),
        lambda line: replace(line, start=None),
        lambda line: replace(line, text=line.text.replace("myself", "my\u00adself")),
    ],
    ids=["word lost", "label in text", "other voice", "no voice", "time moved", "no time", "soft hyphen"],
)
def test_a_changed_line_is_noticed(change):
    case = wild("changed", "a.txt", "", SLEEP, why="to be changed")
    lines = [change(line) if n == case.risk else line for n, line in enumerate(case.twin)]
    assert len(mismatches(case, lines)) == 1


def test_a_lost_or_doubled_line_is_noticed():
    case = wild("changed", "a.txt", "", SLEEP, why="to be changed")
    assert mismatches(case, case.twin[:-1])
    assert mismatches(case, [*case.twin, *case.twin])


def test_numbered_voices_may_have_any_name_but_not_one():
    case = wild("numbered", "a.txt", "", SLEEP, ("0", "1"), names_free=True, why="to be renamed")
    named = [replace(line, label=f"Speaker {line.label}") for line in case.twin]
    assert mismatches(case, named) == []
    assert mismatches(case, [replace(line, label="Speaker") for line in case.twin])


def test_a_turn_may_be_cut_where_only_turns_are_told():
    case = wild("turns", "a.txt", "", SLEEP, by_turn=True, why="to be cut")
    first, *rest = case.twin
    cut = [Line(first.label, first.start, first.text[:8]), Line(first.label, 2, first.text[8:]), *rest]
    assert mismatches(case, cut) == []
    assert mismatches(replace(case, by_turn=False), cut)


def test_a_time_that_is_not_given_may_only_lie_between():
    case = wild("between", "a.txt", "", SLEEP, starts=(1, None, 10, 15), why="to be timed")
    one, two, *rest = case.twin
    assert mismatches(case, [one, replace(two, start=4), *rest]) == []
    assert mismatches(case, [one, replace(two, start=11), *rest])
    untimed = wild("untimed", "a.txt", "", SLEEP, starts=None, why="to be timed")
    assert mismatches(untimed, case.twin)


def test_files_that_look_like_json_are_json():
    for case in WILD:
        if case.filename.endswith(".json"):
            json.loads(case.data.decode(case.encoding).lstrip("\ufeff"))
