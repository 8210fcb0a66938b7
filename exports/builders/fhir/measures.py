"""Questionnaires, and whatever else is a number or an event of a day."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from exports.builders.fhir.codes import OURS, TERMS, TOTALS, UCUM, Json, coding, concept, ours
from exports.builders.fhir.parts import derived, moment, note, patient, reference, resource, staff
from exports.records.record import Record
from exports.records.treatment import CheckIn, Entry, Goal, Rating, Result, Tracker
from treatment.instruments import INSTRUMENTS

# What was withdrawn stays by its id, so that whoever took it over before hears of it.
MISTAKEN = {"status": "entered-in-error"}
SURVEY = concept(TERMS + "observation-category", "survey", "Survey")


def measures(record: Record) -> Iterator[Json]:
    """Responses with their totals, values of trackers, check-ins, and ratings of goals."""
    for one in record.treatment.results:
        yield _response(record, one)
        yield _total(record, one)
    yield from (_response(record, one) | MISTAKEN for one in record.treatment.withdrawn)
    for tracker in record.treatment.trackers:
        yield from (_entry(record, tracker, one) for one in tracker.entries)
        yield from (_entry(record, tracker, one) | MISTAKEN for one in tracker.withdrawn)
    yield from (_check_in(record, one) for one in record.treatment.check_ins)
    for goal in record.treatment.goals:
        yield from (_rating(record, goal, one) for one in goal.ratings)


def _response(record: Record, one: Result) -> Json:
    is_patients = one.filled_by == "patient"
    taken_by = patient(record) if is_patients else staff(record, one.entered_by)
    told = (one.name, [("Filled in", one.day), ("By", one.filled_by), ("Total", _of(one, "total"))])
    return resource(
        "QuestionnaireResponse",
        one.id,
        record,
        told,
        questionnaire=f"{OURS}questionnaire:{one.instrument}|{one.instrument_version}",
        status="completed",
        subject=patient(record),
        encounter=reference("Encounter", one.session),
        authored=moment(one.day),
        author=taken_by,
        source=patient(record),
        item=_items(one),
    )


def _items(one: Result) -> list[Json]:
    """The questions are in the words of our version of the questionnaire, if it is one that we may print."""
    known = INSTRUMENTS.get(one.instrument)
    is_ours = known is not None and known.version == one.instrument_version
    questions = known.items if known and is_ours else ()
    labels = {option.value: option.label for option in known.options} if known and is_ours else {}
    return [
        {
            "linkId": number,
            "text": questions[int(number) - 1] if int(number) <= len(questions) else f"Item {number}",
            "answer": [_answer(one, value, labels)] if value is not None else [],
        }
        for number, value in (_of(one, "answers") or {}).items()
    ]


def _answer(one: Result, value: int, labels: dict[int, str]) -> Json:
    if value not in labels:
        return {"valueInteger": value}
    return {"valueCoding": coding(f"{OURS}code:{one.instrument}-answers", str(value), labels[value])}


def _total(record: Record, one: Result) -> Json:
    published = TOTALS.get(one.instrument)
    mine = coding(f"{OURS}code:questionnaire-total", one.instrument, f"{one.name} total")
    band = _of(one, "band")
    return _observation(
        record,
        derived(one.id, "total"),
        {"coding": [published, mine], "text": f"{one.name} total"},
        one.day,
        told=(f"{one.name}: {_of(one, 'total')}", [("Day", one.day), ("Range", band)]),
        valueQuantity=_score(_of(one, "total")),
        interpretation=[{"text": band}] if band else [],
        encounter=reference("Encounter", one.session),
        component=[_subscale(one, key, value) for key, value in (_of(one, "subscales") or {}).items()],
        note=[note("Missing answers were replaced by the mean of the others.") if _of(one, "prorated") else None],
        derivedFrom=[reference("QuestionnaireResponse", one.id)],
    )


def _subscale(one: Result, key: str, value: int) -> Json:
    return {"code": ours(f"{one.instrument}-subscale", key), "valueQuantity": _score(value)}


def _score(value: int | None) -> Json | None:
    return {"value": value, "unit": "score", "system": UCUM, "code": "{score}"} if value is not None else None


def _of(one: Result, name: str) -> Any:
    return (one.outcome or {}).get(name)


def _entry(record: Record, tracker: Tracker, one: Entry) -> Json:
    is_number = isinstance(one.value, int | float) and not isinstance(one.value, bool)
    value = {"valueQuantity": {"value": one.value, "unit": tracker.unit}} if is_number else _text(one.value)
    return _observation(
        record,
        one.id,
        {**ours("tracker", tracker.kind), "text": tracker.question or tracker.kind},
        one.day,
        told=(tracker.question or tracker.kind, [("Day", one.day), ("Value", one.value), ("Unit", tracker.unit)]),
        focus=[reference("Goal", tracker.goal)],
        encounter=reference("Encounter", one.session),
        performer=[staff(record, one.entered_by) or patient(record)],
        note=[note(one.note)],
        **value,
    )


def _check_in(record: Record, one: CheckIn) -> Json:
    is_number = isinstance(one.mood, int | float)
    value = {"valueInteger": int(one.mood)} if is_number else _text(one.mood)
    return _observation(
        record,
        one.id,
        ours("check-in", "mood", "Mood as the patient rates it"),
        one.day,
        told=("Check-in", [("Day", one.day), ("Mood", one.mood), ("In the patient's words", one.note)]),
        performer=[patient(record)],
        note=[note(one.note)],
        **value,
    )


def _rating(record: Record, goal: Goal, one: Rating) -> Json:
    measured = f"Measured value: {one.value}" if one.value else ""
    return _observation(
        record,
        one.id,
        ours("goal", "progress", "Progress of a goal"),
        one.day,
        told=(f"Progress: {goal.wording}", [("Day", one.day), ("Per cent", one.percent), ("Note", one.note)]),
        focus=[reference("Goal", goal.id)],
        performer=[staff(record, one.rated_by)],
        valueQuantity={"value": one.percent, "unit": "%", "system": UCUM, "code": "%"},
        note=[note(one.note), note(measured)],
    )


def _text(value: Any) -> Json:
    """A value that is no number."""
    return {"valueString": str(value)} if value not in {None, ""} else {}


def _observation(record: Record, id: UUID, code: Json, day: Any, *, told: Any, **more: Any) -> Json:
    return resource(
        "Observation",
        id,
        record,
        told,
        status="final",
        category=[SURVEY],
        code=code,
        subject=patient(record),
        effectiveDateTime=moment(day),
        **more,
    )
