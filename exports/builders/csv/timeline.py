"""The table of events."""

import json
from collections.abc import Iterator
from itertools import chain

from exports.builders.csv.about import left_out
from exports.builders.csv.tables import Row, Table, each
from exports.builders.notices import PART_2
from exports.records.record import Record

EVENT = {
    "id": "Id of the event",
    "happened_at": "When it happened",
    "day": "The day of the practice, for events of a day",
    "kind": "Kind of event",
    "label": "Kind of event in words",
    "subtype": "What the kind is about",
    "title": "Title",
    "description": "Description",
    "importance": "low, normal, high, milestone or critical",
    "is_private": "Whether only the therapist saw it: yes, no",
    "therapist": "Whose event it is: staff.id",
    "source_type": "What the event is derived from",
    "source": "Id of that, in its own table",
    "metadata": "More about it (JSON)",
}
EVENTS = Table("events", "Events of the timeline", each(lambda record: record.events), EVENT, people=("therapist",))


def _beside(record: Record) -> Iterator[Row]:
    nothing = dict.fromkeys(EVENTS.meanings)
    for one in record.withheld:
        reason = ": ".join(filter(None, (one.exception, one.reason)))
        title = f"Withheld: {one.what}, {one.count}"
        yield one, {**nothing, "kind": "withheld", "label": "Withheld", "title": title, "description": reason}
    for origin in record.origins:
        row = {"kind": "origin", "label": "Imported", "happened_at": origin.imported_at}
        left_out_there = json.dumps(left_out(origin), ensure_ascii=False) if origin.left_out else ""
        more = {"title": f"Imported from {origin.practice_name}", "description": left_out_there}
        yield origin, {**nothing, **row, **more}
    if record.about.is_part_2:
        yield record.about, {**nothing, "kind": "notice", "label": "Notice", "title": PART_2}


# A timeline is one file: what the reader must know beside it is in rows of their own kinds below the events.
TIMELINE = Table(
    "timeline",
    "Events of the timeline; “withheld”, “origin” and “notice” below them are what the reader must know",
    lambda record: chain(EVENTS.rows(record), _beside(record)),
    EVENT,
    people=("therapist",),
)
