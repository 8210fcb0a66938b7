"""Answers to questionnaires, item by item, in the words of the questionnaire where its licence allows that."""

from typing import Any

from exports.builders.outline.blocks import NOTHING, Block, Paragraph, Section, Table, table_of
from exports.builders.outline.words import by, day, label_of, number
from exports.records.record import Record
from exports.records.treatment import Result
from treatment.instruments import INSTRUMENTS, Instrument
from treatment.measures.choices import FilledBy

MOST_DAYS = 4  # side by side
WIDEST = 30  # per cent of the page, of a day's column
ALL_DAYS = 64  # per cent, of their columns together
PRORATED = "Replaced by the mean of the others"


def answer_sections(record: Record) -> list[Section]:
    """A section for each questionnaire in each version, and one for what was filled in by mistake."""
    held: dict[tuple[str, int], list[Result]] = {}
    for one in record.treatment.results:
        held.setdefault((one.instrument, one.instrument_version), []).append(one)
    return [*(_section(record, results) for results in held.values()), *_withdrawn(record)]


def _section(record: Record, results: list[Result]) -> Section:
    first, instrument = results[0], _instrument_of(results[0])
    shown = [results[place : place + MOST_DAYS] for place in range(0, len(results), MOST_DAYS)]
    blocks: list[Block] = [_table(record, instrument, some) for some in shown]
    if instrument and instrument.items:
        blocks.append(Paragraph(f"{instrument.licence} {instrument.source}", "soft"))
    return Section(first.name if instrument else f"{first.name}, version {first.instrument_version}", blocks)


def _instrument_of(result: Result) -> Instrument | None:
    """The questionnaire, if its words are those that were answered."""
    instrument = INSTRUMENTS.get(result.instrument)
    return instrument if instrument and instrument.version == result.instrument_version else None


def _table(record: Record, instrument: Instrument | None, results: list[Result]) -> Table:
    """A row for each item, a column for each day."""
    items, labels = _items(instrument, results), _labels(instrument)
    rows = [[item, *(_answer(one, key, labels) for one in results)] for key, item in items.items()]
    rows += _outcomes(instrument, results, shows_bands=not record.about.is_for_patient)
    share = min(WIDEST, ALL_DAYS // len(results))
    widths = [100 - share * len(results), *[share] * len(results)]
    return table_of("", ["Item", *(day(one.day) for one in results)], rows, widths)


def _items(instrument: Instrument | None, results: list[Result]) -> dict[str, str]:
    """What was asked, by the key of its answer."""
    if instrument:
        return {str(place): f"{place}. {words}" for place, words in enumerate(instrument.items, start=1)}
    return {key: f"Item {key}" for one in results for key in _held(one, "answers")}


def _labels(instrument: Instrument | None) -> dict[Any, str]:
    return {option.value: option.label for option in instrument.options} if instrument else {}


def _answer(result: Result, key: str, labels: dict[Any, str]) -> str:
    given = _held(result, "answers").get(key)
    return f"{labels[given]} ({given})" if given in labels else number(given)


def _outcomes(instrument: Instrument | None, results: list[Result], *, shows_bands: bool) -> list[list[str]]:
    """What follows from the answers, and who gave them."""
    names = {one.key: one.name for one in instrument.subscales} if instrument else {}
    subscales = dict.fromkeys(key for one in results for key in _held(one, "subscales"))
    rows = [[names.get(key, key), *(number(_held(one, "subscales").get(key)) for one in results)] for key in subscales]
    rows.append(["Total", *(_total(one, shows_bands=shows_bands) for one in results)])
    prorated = [PRORATED if (one.outcome or {}).get("prorated") else NOTHING for one in results]
    rows += [["Missing answers", *prorated]] if PRORATED in prorated else []
    return [*rows, ["Filled in", *(label_of(FilledBy, one.filled_by) for one in results)]]


def _total(result: Result, *, shows_bands: bool) -> str:
    outcome = result.outcome or {}
    band = outcome.get("band") if shows_bands else None
    return number(outcome.get("total")) + (f" ({band})" if band else "")


def _held(result: Result, name: str) -> dict[str, Any]:
    return (result.outcome or {}).get(name) or {}


def _withdrawn(record: Record) -> list[Section]:
    rows = [
        [day(one.day), one.name, f"{day(one.withdrawn_at)}{by(record, one.withdrawn_by)}", one.withdrawal_reason or ""]
        for one in record.treatment.withdrawn
    ]
    head = ["Day", "Questionnaire", "Withdrawn", "Reason"]
    return [Section("Filled in by mistake", [table_of("", head, rows, [16, 24, 28, 32])])] if rows else []
