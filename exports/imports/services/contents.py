"""What the product stores as JSON: each has a shape that its pages rely on."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any

import orjson
from annotated_types import Len
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from exports.imports.services.refusals import ImportRefused
from exports.records.record import Record
from exports.records.sessions import Note
from sessions_app.notes.services.statements import mapped
from sessions_app.pipeline.drafting.schema import MoodValue
from sessions_app.pipeline.note_templates.content import Content
from sessions_app.pipeline.note_templates.definition import Definition, TemplateField
from timeline.services.metadata import METADATA
from treatment.instruments import INSTRUMENTS
from treatment.plans.services.content import MAX_CODES

MOODS = range(1, 11)
MAX_METADATA = 10_000  # bytes of JSON
MAX_ORIGINS = 200_000  # the same
Short = Annotated[str, Len(max_length=300)]


class Outcome(TypedDict):
    """Of a questionnaire."""

    answers: dict[str, int | None]
    total: int
    band: str | None
    subscales: dict[str, int]
    endorsed: list[str]
    prorated: bool


class Piece(TypedDict):
    """A statement on which a field of a note rests."""

    statement: str
    segments: list[int]
    quote: str
    text: str


Value = str | int | float | bool | list[str] | None


class FieldContent(TypedDict):
    """A field of a note."""

    value: Value
    revision: int
    drafted: Value
    pieces: list[Piece]


class Leftover(TypedDict):
    """What a former template had a field for."""

    template: str
    label: str
    value: Value


class NoteContent(TypedDict):
    """Of a note."""

    fields: dict[str, FieldContent]
    leftovers: list[Leftover]


class Seen(TypedDict, total=False):
    """A line that a risk review is about."""

    type: str
    severity: str
    segments: list[int]
    start: float | None
    speaker: str
    quote: str
    question: str
    lines: str


class GoalOfPlan(TypedDict):
    """A goal in a version of a plan."""

    id: Short
    term: Short
    wording: str
    status: Short
    level: int


class StepOfPlan(TypedDict):
    """A milestone in a version of a plan."""

    id: Short
    description: str
    status: Short


class DatesOfPlan(TypedDict, total=False):
    """What a version of a plan says besides its goals and milestones."""

    title: str
    codes: list[Short]
    diagnosis: str
    problems: str
    start_date: str | None
    target_end_date: str | None
    session_frequency: Short
    review_every_days: int


class PlanContent(DatesOfPlan):
    """A plan as it was."""

    goals: list[GoalOfPlan]
    milestones: list[StepOfPlan]


OUTCOME, CONTENT, SEEN = TypeAdapter(Outcome), TypeAdapter(NoteContent), TypeAdapter(list[Seen])
TEXTS: TypeAdapter[Any] = TypeAdapter(dict[str, str | None])
PLAN = TypeAdapter(PlanContent)
TOPICS: TypeAdapter[Any] = TypeAdapter(list[str])
WARNINGS: TypeAdapter[Any] = TypeAdapter(list[str])
NUMBER: TypeAdapter[Any] = TypeAdapter(int | float)
MOOD: TypeAdapter[Any] = TypeAdapter(int | None)
# Of a draft, as an engine said it.
DRAFTED_MOOD: TypeAdapter[Any] = TypeAdapter(MoodValue | None)


def require_contents(record: Record) -> None:
    """ImportRefused, with the place, for the first that has another shape."""
    for place, value, adapter in _shapes(record):
        try:
            adapter.validate_python(value, strict=True)
        except ValidationError:
            raise ImportRefused("wrong_shape", "Something is not as this product stores it.", place) from None
    for place, check, value in _checks(record):
        try:
            check(value)
        except (LookupError, TypeError, ValueError, AttributeError):
            raise ImportRefused("wrong_shape", "Something is not as this product stores it.", place) from None


def _shapes(record: Record) -> Iterator[tuple[str, Any, TypeAdapter[Any]]]:
    for at, note in enumerate(record.notes):
        yield f"notes.{at}.content", note.content, CONTENT
        for number, version in enumerate(note.versions):
            yield f"notes.{at}.versions.{number}.content", version.content, CONTENT
    for at, session in enumerate(record.sessions):
        if session.transcript:
            yield f"sessions.{at}.transcript.warnings", session.transcript.warnings, WARNINGS
    for at, review in enumerate(record.risk_reviews):
        yield f"risk_reviews.{at}.seen", review.seen, SEEN
    for at, event in enumerate(record.events):
        yield f"events.{at}.metadata", event.metadata, METADATA
    yield from _shapes_of_treatment(record.treatment)


def _shapes_of_treatment(treatment: Any) -> Iterator[tuple[str, Any, TypeAdapter[Any]]]:
    for at, plan in enumerate(treatment.plans):
        for number, version in enumerate(plan.versions):
            yield f"treatment.plans.{at}.versions.{number}.content", version.content, PLAN
    for at, goal in enumerate(treatment.goals):
        yield f"treatment.goals.{at}.smart", goal.smart, TEXTS
        yield f"treatment.goals.{at}.measurement", goal.measurement or {}, TEXTS
    for at, check_in in enumerate(treatment.check_ins):
        yield f"treatment.check_ins.{at}.mood", check_in.mood, MOOD
    for at, tracker in enumerate(treatment.trackers):
        for number, entry in enumerate([*tracker.entries, *tracker.withdrawn]):
            yield f"treatment.trackers.{at}.entries.{number}.value", entry.value, NUMBER
    for at, result in enumerate([*treatment.results, *treatment.withdrawn]):
        yield f"treatment.results.{at}.outcome", result.outcome, OUTCOME


def _checks(record: Record) -> Iterator[tuple[str, Callable[[Any], None], Any]]:
    """What a shape alone does not say: the place, a check that raises if it does not hold, and what it is of."""
    for at, template in enumerate(record.templates):
        yield f"templates.{at}.definition", _require_form, template.definition
    for at, note in enumerate(record.notes):
        yield f"notes.{at}.content", _require_values, note
    for at, session in enumerate(record.sessions):
        for number, draft in enumerate(session.drafts):
            yield f"sessions.{at}.drafts.{number}.notes", _require_statements, draft.notes
    for at, event in enumerate(record.events):
        yield f"events.{at}.metadata", _require, len(orjson.dumps(event.metadata)) <= MAX_METADATA
    for name, parts in (("withheld", record.withheld), ("origins", record.origins)):
        yield name, _require, len(orjson.dumps(parts)) <= MAX_ORIGINS
    yield from _checks_of_treatment(record.treatment)


def _checks_of_treatment(treatment: Any) -> Iterator[tuple[str, Callable[[Any], None], Any]]:
    for at, plan in enumerate(treatment.plans):
        yield f"treatment.plans.{at}.codes", _require, len(plan.codes) <= MAX_CODES
        yield from ((f"treatment.plans.{at}.versions", _require_dates, one.content) for one in plan.versions)
    for at, check_in in enumerate(treatment.check_ins):
        yield f"treatment.check_ins.{at}.mood", _require, check_in.mood is None or check_in.mood in MOODS
    for name in ("results", "withdrawn", "assignments", "schedules"):
        for at, one in enumerate(getattr(treatment, name)):
            yield f"treatment.{name}.{at}.instrument", _require, one.instrument in INSTRUMENTS


def _require_dates(said: dict[str, Any]) -> None:
    for name in ("start_date", "target_end_date"):
        if found := said.get(name):
            date.fromisoformat(found)


def _require_form(definition: dict[str, Any]) -> None:
    Definition.model_validate(definition)


def _require_values(note: Note) -> None:
    """Each value is one that a field of its type can have."""
    values = Content.from_json(note.content).values
    for field in Definition.model_validate(note.template.definition).all_fields:
        _require(field.id not in values or _can_have(field, values[field.id]))


def _can_have(field: TemplateField, value: Any) -> bool:
    """Whether it is of the type that is stored for such a field; its options may have changed since."""
    if value is None:
        return True
    if field.type == "multiselect":
        return isinstance(value, list)
    if field.type == "checkbox":
        return isinstance(value, bool)
    if field.type in ("number", "scale"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _require_statements(notes: dict[str, Any]) -> None:
    mapped(notes, _statement)
    TOPICS.validate_python([one["topic"] for one in notes.get("key_topics", [])], strict=True)
    DRAFTED_MOOD.validate_python((notes.get("session_mood") or {}).get("value"), strict=True)


def _statement(key: str, item: dict[str, Any]) -> dict[str, Any]:
    _require(isinstance(key, str) and isinstance(item, dict))
    return item


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError
