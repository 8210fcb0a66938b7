"""Drafts of random statements in random states; each text has a word of its own, by which it is found again."""

from random import Random
from typing import Any, get_args

from sessions_app.models import Extraction, StatementReview, TherapySession
from sessions_app.pipeline.drafting.schema import (
    MoodValue,
    StrategyStatus,
    TrajectoryValue,
    TriggerSeverity,
    empty_notes,
)

# Field → what a statement holds beside its main text, which is the first.
SHAPES: dict[str, tuple[str, ...]] = {
    "key_topics": ("topic",),
    "strategies": ("name", "category", "context"),
    "emotional_themes": ("theme",),
    "triggers": ("trigger", "context"),
    "action_items": ("task", "category", "details"),
    "significant_quotes": ("quote", "context"),
    "follow_up_topics": ("topic",),
    "unresolved_concerns": ("concern",),
    "techniques": ("name", "modality", "definition"),
}
STATES = ("supported", "check", "kept", "deleted", "earlier")
MOODS = {"session_mood": MoodValue, "mood_trajectory": TrajectoryValue}


class RandomDraft:
    """The notes of a draft, the decisions about it, and the words of each statement by state and id."""

    def __init__(self, seed: int) -> None:
        self.random, self.count = Random(seed), 0
        self.words: dict[str, dict[str, list[str]]] = {state: {} for state in STATES}
        self.notes: dict[str, Any] = empty_notes().model_dump(mode="json")
        for name, shape in SHAPES.items():
            self.notes[name] = [self._item(name, shape) for _ in range(self.random.randint(0, 4))]
        for name in ("therapist_summary", "patient_summary"):
            sentences = [self._item(name, ("text",)) for _ in range(self.random.randint(0, 4))]
            self.notes[name] = {"statements": sentences}
        for name in ("topic_summary", "breakthrough"):
            self.notes[name] = self._item(name, ("text",), name) if self.random.random() < 0.7 else None
        for name, values in MOODS.items():
            self.notes[name] = self._mood(name, get_args(values)) if self.random.random() < 0.7 else None

    def _item(self, name: str, shape: tuple[str, ...], key: str = "") -> dict[str, Any]:
        self.count += 1
        texts = {part: f"w{self.count:03}{part[:2]}" for part in shape}
        more = {
            "strategies": {"status": self.random.choice(get_args(StrategyStatus))},
            "triggers": {"severity": self.random.choice([None, *get_args(TriggerSeverity)])},
            "significant_quotes": {"start": None},
        }
        return self._stated(key or f"{name}-{self.count}", list(texts.values()), texts | more.get(name, {}))

    def _mood(self, name: str, values: tuple[str, ...]) -> dict[str, Any]:
        score = {"score": self.random.choice([None, 3.0])} if name == "session_mood" else {}
        return self._stated(name, [], {"value": self.random.choice(values), **score})

    def _stated(self, key: str, words: list[str], item: dict[str, Any]) -> dict[str, Any]:
        state = self.random.choice(STATES)
        self.words[state][key] = words
        item["evidence"] = {"segments": [self.random.randint(0, 3)], "quote": ""}
        if state == "earlier":  # from before every statement had a state
            return item | {"id": key}
        return item | {"id": key, "state": "supported" if state == "supported" else "check", "reason": "content"}

    @property
    def open(self) -> dict[str, list[str]]:
        """The words of the statements that wait for a decision, by id."""
        return self.words["check"] | self.words["earlier"]

    def of(self, session: TherapySession) -> Extraction:
        """Stored as the draft of a session, with the decisions that were taken."""
        kept = {"engine": "test", "input_hash": "0" * 64}
        extraction = Extraction.objects.create(session=session, version=1, notes=self.notes, **kept)
        StatementReview.objects.bulk_create(
            StatementReview(extraction=extraction, statement=key, decision=decision)
            for decision in ("kept", "deleted")
            for key in self.words[decision]
        )
        return extraction
