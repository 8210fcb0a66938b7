"""Whether everything that a record refers to is in it, and no id is there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from exports.collect.people import PEOPLE
from exports.imports.services.reading import values_in
from exports.imports.services.refusals import ImportRefused
from exports.records.record import Record
from sessions_app.models import RiskReview
from timeline.models import GOAL, MEASURE, MILESTONE, NOTE, PLAN, REVIEW, SESSION

Ids = set[UUID]
Reference = tuple[str, UUID | None, Ids]


def require_references(record: Record) -> None:
    """ImportRefused, with the place, for the first id that is foreign or there twice."""
    for name, ids in ids_of(record).items():
        if twice := [one for one, times in Counter(ids).items() if times > 1]:
            raise ImportRefused("duplicate_id", f"The id {twice[0]} is there more than once.", name)
    _require_people(record)
    for place, found, allowed in _references(record):
        if found is not None and found not in allowed:
            raise ImportRefused("foreign_id", f"The id {found} is not in this record.", place)
    _require_tree(record)
    _require_one_patient(record)


def ids_of(record: Record) -> dict[str, list[UUID]]:
    """The ids of all parts, by the kind of part."""
    treatment, notes = record.treatment, record.notes
    drafts = _nested(record.sessions, "drafts")
    return {
        "people": [record.patient.id, *_ids(record.staff)],
        **{name: _ids(getattr(record, name)) for name in OF_RECORD},
        **{name: _ids(getattr(treatment, name)) for name in OF_TREATMENT},
        **{name: _ids(_nested(notes, name)) for name in OF_NOTES},
        "transcripts": _ids([one.transcript for one in record.sessions if one.transcript]),
        "summaries": _ids([one.summary for one in record.sessions if one.summary]),
        "drafts": _ids(drafts),
        "decisions": _ids(_nested(drafts, "reviews")),
        "no_goals": _ids([one.no_goal for one in notes if one.no_goal]),
        "closings": _ids(_nested(record.action_items, "closings")),
        "risk_steps": _ids(_nested(record.risk_reviews, "history")),
        **{f"plan_{name}": _ids(_nested(treatment.plans, name)) for name in OF_PLANS},
        **{name: _ids(_nested(treatment.goals, name)) for name in ("ratings", "interventions")},
        "entries": _ids([*_nested(treatment.trackers, "entries"), *_nested(treatment.trackers, "withdrawn")]),
        "results": _ids([*treatment.results, *treatment.withdrawn]),
        "reminders": _ids([treatment.reminders] if treatment.reminders else []),
    }


OF_RECORD = (
    *("relations", "consents", "disclosures", "access_requests", "sessions", "notes", "private_notes"),
    *("action_items", "risk_reviews", "events", "templates", "origins"),
)
OF_TREATMENT = ("plans", "goals", "trackers", "check_ins", "awards", "schedules", "assignments")
OF_NOTES = ("signatures", "addenda", "corrections", "versions", "withholdings", "archive_steps", "goal_links")
OF_PLANS = ("milestones", "reviews", "versions", "consents")


def _ids(parts: Iterable[Any]) -> list[UUID]:
    return [one.id for one in parts]


def _nested(parts: Iterable[Any], name: str) -> list[Any]:
    return [one for part in parts for one in getattr(part, name)]


def _require_people(record: Record) -> None:
    known = {record.patient.id, *_ids(record.staff)}
    for place, value in values_in(record, ""):
        if place.rpartition(".")[2] in PEOPLE and isinstance(value, UUID) and value not in known:
            raise ImportRefused("foreign_id", f"Nobody with the id {value} is in this record.", place)


def _references(record: Record) -> Iterator[Reference]:
    held = {name: set(ids) for name, ids in ids_of(record).items()}
    yield from _of_notes(record, held)
    yield from _of_sessions(record, held)
    yield from _of_treatment(record, held)
    sources, linked = _sources(held), _linked(held)
    for at, event in enumerate(record.events):
        if (event.source is None) != (event.source_type == ""):
            raise ImportRefused("foreign_id", "An event names half of where it comes from.", f"events.{at}")
        yield f"events.{at}.source", event.source, sources.get(event.source_type, set())
        if event.source:
            _require_own(event.metadata, linked, f"events.{at}.metadata")


def _linked(held: dict[str, Ids]) -> dict[str, set[str]]:
    """By the name in the metadata, the ids as they are written there. Made once: a file has up to 50,000 events."""
    return {name: set(map(str, held[kind])) for name, kind in (("session_id", "sessions"), ("plan_id", "plans"))}


def _require_own(metadata: dict[str, Any], linked: dict[str, set[str]], place: str) -> None:
    """What a derived event links to has to be in the record; the metadata of other events is free."""
    for name, own in linked.items():
        if name in metadata and str(metadata[name]) not in own:
            raise ImportRefused("foreign_id", "An event names something that is not in this record.", f"{place}.{name}")


def _sources(held: dict[str, Ids]) -> dict[str, Ids]:
    return {
        SESSION: held["sessions"],
        NOTE: held["notes"],
        PLAN: held["plans"],
        REVIEW: held["plan_reviews"],
        GOAL: held["goals"],
        MILESTONE: held["plan_milestones"],
        MEASURE: held["results"],
    }


def _of_notes(record: Record, held: dict[str, Ids]) -> Iterator[Reference]:
    forms = {one.id: one for one in record.templates}
    for at, note in enumerate(record.notes):
        yield f"notes.{at}.session", note.session, held["sessions"]
        yield f"notes.{at}.template.id", note.template.id, held["templates"]
        if forms.get(note.template.id) != note.template:
            raise ImportRefused("inconsistent", "A note has another form than the list of forms.", f"notes.{at}")
        yield from ((f"notes.{at}.versions", one.template, held["templates"]) for one in note.versions)
        yield from ((f"notes.{at}.goal_links", one.goal, held["goals"]) for one in note.goal_links)
        own = set(_ids(note.addenda))
        yield from ((f"notes.{at}.corrections", one.addendum, own) for one in note.corrections)


def _of_sessions(record: Record, held: dict[str, Ids]) -> Iterator[Reference]:
    drafts = {one.id: set(_ids(one.drafts)) for one in record.sessions}
    sources = held["results"] | held["assignments"] | held["check_ins"]
    for at, note in enumerate(record.private_notes):
        yield f"private_notes.{at}.session", note.session, held["sessions"]
    for at, item in enumerate(record.action_items):
        yield f"action_items.{at}.session", item.session, held["sessions"]
        yield f"action_items.{at}.draft", item.draft, drafts.get(item.session, set())
    for at, review in enumerate(record.risk_reviews):
        yield f"risk_reviews.{at}.session", review.session, held["sessions"]
        yield f"risk_reviews.{at}.source", review.source, sources
        if review.source_type:
            _require_source(RiskReview(source_type=review.source_type), f"risk_reviews.{at}.source_type")


def _require_source(review: RiskReview, place: str) -> None:
    try:
        review.source  # noqa: B018 (raises for one that no app declares)
    except LookupError:
        raise ImportRefused("invalid_value", "A risk review comes from something unknown.", place) from None


def _of_treatment(record: Record, held: dict[str, Ids]) -> Iterator[Reference]:
    treatment = record.treatment
    for name, field, target in TREATMENT_REFERENCES:
        for at, one in enumerate(getattr(treatment, name)):
            yield f"treatment.{name}.{at}.{field}", getattr(one, field), held[target]
    for at, plan in enumerate(treatment.plans):
        yield from ((f"treatment.plans.{at}.consents", one.entry, held["consents"]) for one in plan.consents)
    for at, tracker in enumerate(treatment.trackers):
        for entry in (*tracker.entries, *tracker.withdrawn):
            yield f"treatment.trackers.{at}.entries.check_in", entry.check_in, held["check_ins"]
            yield f"treatment.trackers.{at}.entries.session", entry.session, held["sessions"]


TREATMENT_REFERENCES = (
    ("goals", "plan", "plans"),
    ("goals", "parent", "goals"),
    ("goals", "replaced_by", "goals"),
    ("trackers", "goal", "goals"),
    ("awards", "goal", "goals"),
    ("assignments", "schedule", "schedules"),
    ("results", "assignment", "assignments"),
    ("results", "session", "sessions"),
    ("withdrawn", "assignment", "assignments"),
    ("withdrawn", "session", "sessions"),
)


def _require_tree(record: Record) -> None:
    """Each goal is one level below the one above it, in the same plan: so there are no circles."""
    goals = {one.id: one for one in record.treatment.goals}
    for at, goal in enumerate(record.treatment.goals):
        parent = goals[goal.parent] if goal.parent else None
        if (parent and (parent.level + 1, parent.plan) != (goal.level, goal.plan)) or (not parent and goal.level != 1):
            raise ImportRefused("circle", "A goal is not below the one that it names.", f"treatment.goals.{at}")


def _require_one_patient(record: Record) -> None:
    """The patient is nobody's therapist, and does not sign notes."""
    treating: list[Any] = [*record.relations, *record.sessions, *record.treatment.plans]
    writing: list[Any] = [*record.notes, *record.private_notes]
    named = [one.therapist for one in treating] + [one.author for one in writing]
    named += [one.signer for note in record.notes for one in note.signatures]
    if record.patient.id in named:
        raise ImportRefused("inconsistent", "The patient is named as somebody of the staff.")
