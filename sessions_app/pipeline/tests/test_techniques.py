"""The technique library against labelled sentences; the held-out ones were written before its patterns."""

from pathlib import Path
from typing import Any

import pytest

from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.tests.corpora.reading import read
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.mentions import compiled

FOLDER = Path(__file__).parent / "corpora" / "techniques"
PATTERNS = compiled({entry.name: entry.pattern for entry in TECHNIQUES})


USED = {part: read(FOLDER / f"{part}_used.yaml") for part in ("seen", "held_out")}
OTHER = {part: read(FOLDER / f"{part}_other.yaml") for part in ("seen", "held_out")}


def named_in(text: str) -> set[str]:
    return {name for name, pattern in PATTERNS.items() if pattern.search(fold(text))}


def test_the_corpus_is_large_and_a_third_is_held_out() -> None:
    for corpus in (USED, OTHER):
        total = sum(len(sentences) for sentences in corpus.values())
        assert total >= 120
        assert len(corpus["held_out"]) * 3 >= total


@pytest.mark.parametrize("part", ["seen", "held_out"])
def test_techniques_are_named_rightly(part: str) -> None:
    named = [(name, one["technique"]) for one in USED[part] for name in named_in(one["text"])]
    right = sum(name == expected for name, expected in named)
    mistaken = sum(len(named_in(text)) for text in OTHER[part])
    assert right / (len(named) + mistaken) >= 0.9
    assert right / len(USED[part]) >= 0.9


def test_the_library_has_sixty_entries_that_are_complete() -> None:
    assert len(TECHNIQUES) >= 60
    assert all(entry.modality and entry.category and entry.definition.endswith(".") for entry in TECHNIQUES)


def test_no_two_entries_share_a_name_or_an_alias() -> None:
    owners: dict[str, str] = {}
    for entry in TECHNIQUES:
        for name in (entry.name, *entry.aliases):
            assert owners.setdefault(fold(name), entry.name) == entry.name


@pytest.mark.parametrize("entry", TECHNIQUES, ids=lambda entry: entry.name)
def test_each_entry_is_found_by_its_own_name(entry: Any) -> None:
    spoken = f"we practised the {entry.name.lower()} exercise"
    assert entry.name in named_in(spoken) | named_in(f"we use {entry.name}")


def test_every_evidence_level_names_a_guideline_and_its_year() -> None:
    sources = [entry.evidence.source for entry in TECHNIQUES if entry.evidence]
    assert len(sources) > 30
    assert all(any(part.strip("(),:").isdigit() for part in source.split()) for source in sources)
