"""Reviews of possible risk: what each is about, and what came of it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from exports.builders.outline.blocks import Facts, Section
from exports.builders.outline.words import by, day, filled, label_of, moment
from exports.records.record import Record
from exports.records.sessions import RiskReview, RiskStep, Session
from sessions_app.choices import SPEAKERS, clock
from sessions_app.risk.choices import KINDS, Disposition, Happening, ReviewStatus, source_of
from therapybridge.core import dates

Hit = Mapping[str, Any]  # see sessions_app/risk/services/opening.py


def review_sections(record: Record) -> list[Section]:
    """The reviews, the oldest first."""
    sessions = {one.id: one for one in record.sessions}
    return [_review(record, one, sessions.get(one.session)) for one in record.risk_reviews]  # type: ignore[arg-type]


def _review(record: Record, one: RiskReview, session: Session | None) -> Section:
    outcome = f"{label_of(Disposition, one.disposition)}, {moment(one.disposed_at)}" if one.disposed_at else ""
    rows = filled(
        [
            ("What it is about", "\n".join(_found(one.seen or ()))),
            ("Opened", f"{moment(one.opened_at)}, due {moment(one.due_at)}"),
            ("Status", f"{label_of(ReviewStatus, one.status)}{_responsible(record, one.owner)}"),
            ("Acknowledged", moment(one.acknowledged_at) if one.acknowledged_at else ""),
            ("Outcome", outcome),
            ("Reason", one.reason),
            ("History", "\n".join(_step(record, step) for step in one.history)),
        ]
    )
    return Section(_title(one, session), [Facts(rows)])


def _title(one: RiskReview, session: Session | None) -> str:
    kinds = dict.fromkeys(_kind(hit) for hit in one.seen or ())
    return f"{', '.join(kinds).capitalize() or 'Possible risk'}: {_origin(one, session)}"


def _origin(one: RiskReview, session: Session | None) -> str:
    if session:
        return f"{session.title}, {dates.day(session.held_at)}"
    if not one.source_type:
        return dates.day(one.opened_at)
    return f"{_source(one.source_type)}, {day(one.source_day)}"


def _source(name: str) -> str:
    try:
        return source_of(name).label
    except LookupError:  # of an installation that knows more
        return label_of((), name)


def _found(seen: Iterable[Hit]) -> list[str]:
    """A line for each quotation in the order of the session, with what it was listed as if that differs."""
    listed: dict[str, list[str]] = {}
    for hit in sorted(seen, key=lambda one: one.get("start") or 0):
        listed.setdefault(_quoted(hit), []).append(_kind(hit))
    if len({kind for kinds in listed.values() for kind in kinds}) == 1:
        return list(listed)
    return [f"{line} ({', '.join(kinds).lower()})" for line, kinds in listed.items()]


def _quoted(hit: Hit) -> str:
    asked = f"{hit['question']}: " if hit.get("question") else ""
    at = clock(hit["start"]) if hit.get("start") is not None else ""
    speaker = "" if asked else SPEAKERS.get(hit.get("speaker", ""), "")
    where = " ".join(filter(None, (at, speaker)))
    return f"{f'{where}: ' if where else ''}{asked}“{hit['quote']}”"


def _kind(hit: Hit) -> str:
    return KINDS.get(hit["type"], label_of((), hit["type"]))


def _responsible(record: Record, person: UUID | None) -> str:
    name = record.name_of(person)
    return f"; responsible: {name}" if name else ""


def _step(record: Record, step: RiskStep) -> str:
    to = f" to {record.name_of(step.to)}" if record.name_of(step.to) else ""
    return f"{label_of(Happening, step.kind)}{to}{by(record, step.by)}, {moment(step.happened_at)}"
