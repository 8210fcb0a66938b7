"""What speaks to a goal: the notes that serve it, what was said in their sessions, and its interventions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from sessions_app.models import Extraction, SessionNote, StatementReview, TherapySession
from sessions_app.notes.services.statements import mapped, statements, undecided
from sessions_app.pipeline.text.matching import fold
from therapybridge.core.compiled import CompiledObjects, Slot, built_once
from therapybridge.core.lookups import Keys
from treatment.goals.models import Goal, GoalIntervention
from treatment.thread.models import GoalLink

NOTES, QUOTES = 3, 2  # shown for a goal in the tree
MOST_DRAFTS = 24  # of sessions that are looked through for quotations
SHORTEST = 4  # letters of a word by which a quotation is found to speak to a goal
# What rests on the therapist's own words: a task as it was set, a technique as it was led.
OF_THERAPISTS = {"action_items", "techniques"}
Decision = StatementReview.Decision
Span = tuple[datetime, datetime]
GOALS = Slot("goals", Keys())
START, END = Slot("start", DateTimeField()), Slot("end", DateTimeField())


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a session that the draft of its note rests on, supported or kept, and where they are read."""

    text: str
    url: str
    session: TherapySession


@dataclass(slots=True)
class Evidence:
    """What speaks to one goal; `notes` are the latest of `count`."""

    notes: list[SessionNote] = field(default_factory=list)
    count: int = 0
    quotes: list[Quote] = field(default_factory=list)
    uses: list[GoalIntervention] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.count or self.uses)


def evidence_of(
    goals: Iterable[Goal], *, notes: int = NOTES, quotes: int = QUOTES, between: Span | None = None
) -> dict[UUID, Evidence]:
    """For each goal, its latest notes, the words of their sessions that come closest to it, and its interventions.

    Only notes of sessions `between` two moments, the second not included, if they are given. Four queries, however many
    goals and notes there are; the drafts of the latest `MOST_DRAFTS` sessions are read.
    """
    wanted = {goal.pk: goal for goal in goals}
    found = {pk: Evidence() for pk in wanted}
    start, end = between or (None, None)
    for link in _links(notes, between is not None).objects(goals=wanted, start=start, end=end):
        evidence = found[link.goal_id]
        evidence.count = link.count
        evidence.notes.append(link.note)
    said = {pk: list(lines) for pk, lines in _said(_latest(found.values()))}
    for pk, evidence in found.items():
        lines = [said.get(note.session_id, []) for note in evidence.notes]
        evidence.quotes = _chosen(lines, wanted[pk].wording, quotes)
    for use in _uses().objects(goals=wanted):
        found[use.goal_id].uses.append(use)
    return found


@built_once
def _links(most: int, within_span: bool) -> CompiledObjects[Any]:
    """The latest links of each goal, with the number of all."""
    live = GoalLink.objects.filter(goal__id__among=GOALS, note__deleted_at=None, note__session__deleted_at=None)
    if within_span:
        live = live.filter(note__session__session_date__gte=START, note__session__session_date__lt=END)
    newest_first = (F("note__session__session_date").desc(), F("id").desc())
    ranked = live.annotate(
        rank=Window(RowNumber(), partition_by="goal", order_by=newest_first),
        count=Window(Count("id"), partition_by="goal"),
    )
    rows: Any = ranked.filter(rank__lte=most).select_related("note__session", "note__template_version__template")
    return CompiledObjects(rows.defer("note__content").order_by("-note__session__session_date", "-id"))


@built_once
def _uses() -> CompiledObjects[GoalIntervention]:
    rows = GoalIntervention.objects.filter(goal__id__among=GOALS)
    return CompiledObjects(rows.select_related("intervention").order_by("id"))


def _latest(found: Iterable[Evidence]) -> dict[UUID, TherapySession]:
    """The sessions whose drafts are read."""
    sessions = {note.session_id: note.session for one in found for note in one.notes}
    latest = sorted(sessions.values(), key=lambda one: (one.session_date, one.pk), reverse=True)
    return {one.pk: one for one in latest[:MOST_DRAFTS]}


def _said(sessions: dict[UUID, TherapySession]) -> Iterator[tuple[UUID, Iterator[Quote]]]:
    """The words of each session that its latest draft rests on, by the decisions of therapists."""
    newest = Extraction.objects.filter(session=OuterRef("session")).order_by("-version").values("pk")[:1]
    drafts = list(Extraction.objects.filter(session__in=sessions, pk=Subquery(newest)))
    reviews = StatementReview.objects.filter(extraction__in=drafts)
    decided = {(one.extraction_id, one.statement): one.decision for one in reviews}
    for draft in drafts:
        yield draft.session_id, _quotes(draft, sessions[draft.session_id], decided)


def _quotes(draft: Extraction, session: TherapySession, decided: dict[tuple[UUID, str], str]) -> Iterator[Quote]:
    def usable(key: str, item: dict[str, Any]) -> dict[str, Any] | None:
        plain, decision = undecided(key, item), decided.get((draft.pk, key))
        if decision == Decision.DELETED:
            return None
        return plain if decision == Decision.KEPT or plain["state"] == "supported" else None

    known = set()
    for name, item in statements(mapped(draft.notes, usable)):
        if name in OF_THERAPISTS:
            continue
        evidence = item.get("evidence") or {}
        text, lines = item.get("quote") or evidence.get("quote"), evidence.get("segments")
        if text and lines and text not in known:
            known.add(text)
            yield Quote(text, f"{session.get_absolute_url()}#segment-{lines[0]}", session)


def _chosen(of_notes: list[list[Quote]], wording: str, most: int) -> list[Quote]:
    """The closest of each note before the second of any, in the order of the notes, the latest first; if no note has
    words of the goal, the first words of the latest note.
    """
    ranked = [
        (rank, at, line) for at, lines in enumerate(of_notes) for rank, line in enumerate(_closest(lines, wording))
    ]
    chosen = sorted(ranked, key=lambda one: one[:2])[:most]
    latest = of_notes[0][:1] if of_notes else []
    return [line for _, _, line in sorted(chosen, key=lambda one: (one[1], one[0]))] or latest


def _closest(lines: list[Quote], wording: str) -> list[Quote]:
    """Those that share words with the goal, those that share most first."""
    words = _words(wording)
    sharing = sorted(lines, key=lambda line: -len(words & _words(line.text)))
    return [line for line in sharing if words & _words(line.text)]


def _words(text: str) -> set[str]:
    return {word for word in fold(text).split() if len(word) >= SHORTEST}
