"""Tables of what is tracked and measured."""

from collections.abc import Iterator

from exports.builders.csv.tables import Row, Table, each
from exports.records.record import Record


def _results(record: Record) -> Iterator[Row]:
    for one in (*record.treatment.results, *record.treatment.withdrawn):
        kept = one.outcome or {}
        scores = {name: kept.get(name) for name in ("total", "band", "subscales", "prorated")}
        yield one, scores


def _answers(record: Record) -> Iterator[Row]:
    for one in record.treatment.results:
        for item, value in ((one.outcome or {}).get("answers") or {}).items():
            yield one, {"result": one.id, "item": int(item), "value": value}


def _entries(record: Record) -> Iterator[Row]:
    for tracker in record.treatment.trackers:
        yield from ((one, {"tracker": tracker.id}) for one in (*tracker.entries, *tracker.withdrawn))


def _points(record: Record) -> Iterator[Row]:
    for one in record.treatment.series:
        yield from ((one, {"day": day, "total": total}) for day, total in one.points)


def _reminders(record: Record) -> Iterator[Row]:
    return ((one, {}) for one in [record.treatment.reminders] if one)


TRACKING = (
    Table(
        "trackers",
        "What is followed for goals",
        each(lambda record: record.treatment.trackers),
        {
            "id": "Id of the tracker",
            "goal": "The goal: goals.id",
            "kind": "scale, frequency, duration, binary or measure",
            "rhythm": "daily, weekly, session or custom",
            "every_days": "Days between values of a custom rhythm",
            "better": "Which way is better: higher or lower",
            "question": "The question",
            "unit": "Unit of the values",
            "lowest": "Lowest value of a scale",
            "highest": "Highest value of a scale",
            "instrument": "The questionnaire whose total it follows",
            "asks_patient": "Whether the patient is asked: yes, no",
            "moves_goal": "Whether its newest value is that of the goal: yes, no",
            "sends_reminders": "Whether reminders are sent: yes, no",
            "ended_at": "When it ended",
        },
    ),
    Table(
        "entries",
        "Values of trackers",
        _entries,
        {
            "tracker": "The tracker: trackers.id",
            "id": "Id of the value",
            "day": "The day",
            "value": "The value",
            "note": "Note",
            "check_in": "The check-in with which it was sent: check_ins.id",
            "session": "The session in which it was taken: sessions.id",
            "entered_by": "Who entered it, if not the patient: staff.id",
            "withdrawn_at": "When it was withdrawn as a mistake; empty for one that counts",
        },
        people=("entered_by",),
    ),
    Table(
        "check_ins",
        "What the patient sent on a day",
        each(lambda record: record.treatment.check_ins),
        {
            "id": "Id of the check-in",
            "day": "The day",
            "mood": "Mood, from 1 to 10",
            "note": "The patient's words",
            "searched_at": "When the words were searched for phrases of possible risk",
        },
    ),
    Table(
        "reminders",
        "When the patient wants to be reminded, at most one row",
        _reminders,
        {
            "id": "Id of the setting",
            "wants_reminders": "Whether reminders are wanted: yes, no",
            "quiet_from": "From when none are sent",
            "quiet_until": "Until when none are sent",
        },
    ),
)

MEASURES = (
    Table(
        "schedules",
        "Questionnaires that are assigned again and again",
        each(lambda record: record.treatment.schedules),
        {
            "id": "Id of the schedule",
            "instrument": "The questionnaire",
            "every_days": "Days between two",
            "next_due_date": "Day on which the next is due",
            "set_by": "Who set it: staff.id",
            "ended_at": "When it ended",
        },
        people=("set_by",),
    ),
    Table(
        "assignments",
        "Questionnaires that the patient was asked to fill in",
        each(lambda record: record.treatment.assignments),
        {
            "id": "Id of the assignment",
            "schedule": "The schedule: schedules.id",
            "instrument": "The questionnaire",
            "instrument_version": "Its version",
            "due_date": "Day on which it was due",
            "status": "open, completed or cancelled",
            "assigned_by": "Who assigned it: staff.id",
        },
        people=("assigned_by",),
    ),
    Table(
        "results",
        "Questionnaires that were filled in",
        _results,
        {
            "id": "Id of the result",
            "instrument": "The questionnaire",
            "instrument_version": "Its version",
            "name": "Its name",
            "day": "The day",
            "total": "Total",
            "band": "Published range that the total is in",
            "subscales": "Totals of subscales (JSON)",
            "prorated": "Whether missing answers were replaced by the mean of the others: yes, no",
            "filled_by": "patient, or therapist for one filled in together",
            "assignment": "The assignment: assignments.id",
            "session": "The session: sessions.id",
            "entered_by": "Who entered it: staff.id",
            "outcome": "Answers and scores as the product stores them (JSON)",
            "withdrawn_at": "When it was withdrawn as a mistake; empty for one that counts",
            "withdrawn_by": "Who withdrew it: staff.id",
            "withdrawal_reason": "Why",
        },
        people=("entered_by", "withdrawn_by"),
    ),
    Table(
        "answers",
        "Answers of questionnaires, one row an item",
        _answers,
        {
            "result": "The result: results.id",
            "instrument": "The questionnaire",
            "item": "Number of the item",
            "value": "Value of the answer; empty if it was left out",
        },
    ),
    Table(
        "series",
        "Totals over time, one row a result",
        _points,
        {
            "instrument": "The questionnaire",
            "version": "Its version",
            "name": "Its name",
            "lowest": "Lowest possible total",
            "highest": "Highest possible total",
            "day": "The day",
            "total": "Total",
            "bands": "Published ranges with their lowest total (JSON)",
            "trend": "What may be said of the trend of the series",
            "change": "What may be said of the change since the first result",
        },
    ),
)
