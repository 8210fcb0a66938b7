"""The timeline, month by month."""

from itertools import groupby

from exports.builders.outline.blocks import Event, Events, Notice, Section
from exports.builders.outline.words import day
from exports.records.record import Record
from exports.records.timeline import Event as Happened
from therapybridge.core import dates
from timeline.choices import Importance

MARKS = {
    Importance.MILESTONE.value: "Milestone",
    Importance.CRITICAL.value: "Critical",
    Importance.HIGH.value: "Important",
    Importance.LOW.value: "Minor",
}
PRIVATE = "Only therapists"


def months(record: Record) -> list[Section]:
    """Events by month, in the order in which they were collected."""
    return [
        Section(month, [Events([_event(one) for one in events])], anchor=f"month-{number}")
        for number, (month, events) in enumerate(groupby(record.events, _month))
    ]


def private_notice(record: Record) -> list[Notice]:
    """Said where private events were authorised to leave."""
    if not any(one.is_private for one in record.events):
        return []
    told = f"Events marked “{PRIVATE}” are not shown to the patient. An authorisation of their own released them."
    return [Notice("Private events", [told], "law")]


def _month(event: Happened) -> str:
    return dates.month(event.day or event.happened_at)


def _event(event: Happened) -> Event:
    mark = MARKS.get(event.importance, "")
    told = [day(event.day or event.happened_at), event.label, "" if mark == event.label else mark]
    told += [PRIVATE] if event.is_private else []
    topics = " · ".join(str(one) for one in event.metadata.get("topics", []))
    return Event(" · ".join(filter(None, told)), event.title, event.description, topics, event.importance)
