"""The corpus that judges the evidence checks is itself sound: large, balanced, its evidence verbatim."""

import re
from collections import Counter

import pytest

from sessions_app.pipeline.tests.corpora.evidence_cases import Corpus, Statement, load

KINDS = {
    "invented_quote",
    "wrong_speaker",
    "paraphrase_as_quote",
    "number",
    "denial",
    "name_or_drug",
    "unrelated_lines",
    "negation_flip",
    "added_fact",
    "markup",
    "other_language",
    "ungrounded_mood_or_label",
    "harmful_instruction",
}
FIELDS = {
    "topic_summary",
    "therapist_summary",
    "patient_summary",
    "action_item",
    "significant_quote",
    "trigger",
    "strategy",
    "unresolved_concern",
    "follow_up_topic",
    "emotional_theme",
    "key_topic",
    "technique",
    "breakthrough",
}
POINTED_AT = KINDS - {"unrelated_lines", "other_language"}  # elsewhere the whole sentence is wrong
QUOTATION = re.compile(r"[\"“„«]([^\"”“»]+)[\"”“»]|(?<!\w)'(.+?)'(?!\w)")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load()


def said(statement: Statement) -> str:
    return "\n".join(line.text for line in statement.cited).casefold()


def quotations(text: str) -> list[str]:
    return [(double or single).strip(" ,.") for double, single in QUOTATION.findall(text)]


def test_every_kind_has_enough_defects(corpus: Corpus) -> None:
    counts = Counter(defect.kind for defect in corpus.defects)
    assert set(counts) == KINDS
    assert min(counts.values()) >= 22
    assert counts.total() >= 330
    assert len(corpus.paraphrases) >= 130


def test_every_field_is_used_on_both_sides(corpus: Corpus) -> None:
    assert {defect.field for defect in corpus.defects} == FIELDS
    assert {paraphrase.field for paraphrase in corpus.paraphrases} == FIELDS


def test_transcripts_are_full_sessions_in_more_than_one_shape(corpus: Corpus) -> None:
    assert len(corpus.transcripts) >= 10
    assert all(20 <= len(transcript.lines) <= 45 for transcript in corpus.transcripts)
    speakers = {line.speaker for transcript in corpus.transcripts for line in transcript.lines}
    assert speakers == {"therapist", "patient", "other"}
    assert {transcript.language for transcript in corpus.transcripts} == {"en", "es"}


def test_evidence_stands_word_for_word_in_a_cited_line(corpus: Corpus) -> None:
    strays = [s.text for s in corpus.defects + corpus.paraphrases if not any(s.quote in line.text for line in s.cited)]
    assert strays == []


def test_no_sentence_occurs_twice(corpus: Corpus) -> None:
    counts = Counter(statement.text for statement in corpus.defects + corpus.paraphrases)
    assert [text for text, count in counts.items() if count > 1] == []


def test_false_words_are_in_the_sentence(corpus: Corpus) -> None:
    pointed_at = [defect for defect in corpus.defects if defect.kind in POINTED_AT]
    assert [defect.text for defect in pointed_at if not defect.wrong or defect.wrong not in defect.text] == []


def test_a_false_quotation_is_nowhere_in_the_transcript(corpus: Corpus) -> None:
    false = [d for d in corpus.defects if d.kind in {"invented_quote", "paraphrase_as_quote"}]
    assert [d.text for d in false if not quotations(d.wrong)] == []
    whole = {t.id: "\n".join(line.text for line in t.lines).casefold() for t in corpus.transcripts}
    assert [
        d.text for d in false if any(words.casefold() in whole[d.transcript.id] for words in quotations(d.wrong))
    ] == []


def test_a_faithful_quotation_stands_in_the_cited_lines(corpus: Corpus) -> None:
    quoting = [paraphrase for paraphrase in corpus.paraphrases if quotations(paraphrase.text)]
    assert len(quoting) >= 8
    assert [p.text for p in quoting if any(words.casefold() not in said(p) for words in quotations(p.text))] == []
