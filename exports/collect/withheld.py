"""What is left out of an export, and why: named, so that nothing is missing in silence."""

from collections import defaultdict
from uuid import UUID

from exports.choices import ExportKind, Extra
from exports.collect.rows import Rows
from exports.collect.timeline import TURNING_POINTS
from exports.records.record import Withheld
from sessions_app.notes.choices import WITHHELD_PLAINLY, WithholdingException

OWN_AUTHORISATION = "Released only with a separate authorisation by the patient (45 CFR 164.508(a)(2))."
PRIVATE_EVENTS = "Released only with a separate authorisation by the patient."
NOT_FOUND = "It is not part of the record any more, or never was."
WITH_NOTES = (ExportKind.SESSION_NOTES, ExportKind.FULL_RECORD)
WITH_EVENTS = (ExportKind.TIMELINE, ExportKind.TREATMENT_SUMMARY, ExportKind.FULL_RECORD)


def withheld(rows: Rows) -> list[Withheld]:
    """Everything that an export of this kind would hold, and that is left out."""
    kind = rows.wanted.kind
    noted = [*_notes(rows), *_private_notes(rows), *_sessions(rows)] if kind in WITH_NOTES else []
    importance = TURNING_POINTS if kind == ExportKind.TREATMENT_SUMMARY else ()
    return [*noted, *(_private_events(rows, importance) if kind in WITH_EVENTS else [])]


def _notes(rows: Rows) -> list[Withheld]:
    """Signed notes that their patient cannot read now, in the words that the portal uses."""
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for pk, exception in rows.withheld_notes().values_list("pk", "withheld_as"):
        found[exception].append(pk)
    return [
        Withheld(
            what="Session notes",
            count=len(ids),
            exception=exception,
            reason=WITHHELD_PLAINLY[WithholdingException(exception)],
            ids=ids,
        )
        for exception, ids in sorted(found.items())
    ]


def _private_notes(rows: Rows) -> list[Withheld]:
    extra = Extra.PSYCHOTHERAPY_NOTES
    return _counted(str(extra.label), rows.other_private_notes().count(), extra, OWN_AUTHORISATION)


def _private_events(rows: Rows, importance: tuple[str, ...]) -> list[Withheld]:
    extra = Extra.PRIVATE_EVENTS
    return _counted(str(extra.label), rows.private_events(of_importance=importance).count(), extra, PRIVATE_EVENTS)


def _sessions(rows: Rows) -> list[Withheld]:
    """Sessions that were chosen and are not there, such as one that was deleted since."""
    chosen = set(rows.wanted.sessions)
    missing = chosen - set(rows.sessions().values_list("pk", flat=True)) if chosen else set()
    return [Withheld(what="Sessions", count=len(missing), exception="not_found", reason=NOT_FOUND)] if missing else []


def _counted(what: str, count: int, exception: str, reason: str) -> list[Withheld]:
    return [Withheld(what=what, count=count, exception=str(exception), reason=reason)] if count else []
