"""What is measured: questionnaires and what is tracked, as pictures with the same in numbers."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from exports.builders.outline.blocks import NOTHING, Block, Facts, Paragraph, Picture, Section, table_of
from exports.builders.outline.words import day, filled, label_of, many, none, number
from exports.records.record import Record
from exports.records.treatment import Series, Tracker
from therapybridge.core import dates
from therapybridge.core.pages.charts import Chart, draw_chart
from treatment.instruments import INSTRUMENTS
from treatment.measures.choices import AssignmentStatus
from treatment.tracking.choices import Better, Rhythm, TrackerKind

FROM_TWO = 2  # days: one number is no line


def series_sections(record: Record) -> list[Section]:
    """Each questionnaire with its course."""
    return [_series(record, one, place) for place, one in enumerate(record.treatment.series) if one.points]


def _series(record: Record, series: Series, place: int) -> Section:
    bands = [] if record.about.is_for_patient else series.bands
    chart = _chart(f"series-{place}", series, bands)
    # Each name with the value from which it holds: the key of the picture.
    key = [f"{name} from {lowest}" for name, lowest in bands]
    picture = _picture(chart, key) if len(series.points) >= FROM_TWO else []
    rows = [[day(when), str(total), *([_band(bands, total)] if bands else [])] for when, total in series.points]
    widths = [26, 14, 60] if bands else [26, 74]
    head = ["Day", "Total", *(["Range"] if bands else [])]
    table = table_of("All totals", head, rows, widths, frozenset({1}) if bands else frozenset())
    return Section(series.name, [Paragraph(_course(series)), *picture, table])


def _chart(key: str, series: Series, bands: list[tuple[str, int]]) -> Chart | None:
    return draw_chart(
        key, f"{series.name} over time", series.points, lowest=series.lowest, highest=series.highest, bands=bands
    )


def _course(series: Series) -> str:
    (first_day, first), (last_day, last) = series.points[0], series.points[-1]
    told = [f"{last} of {series.highest} on {day(last_day)}"]
    told += [f"it was {first} on {day(first_day)}"] if len(series.points) >= FROM_TWO else []
    said = _said(series)
    return f"{'; '.join(told)}." + (f" {said}." if said else "")


def _said(series: Series) -> str:
    """The trend of all results, and whether the latest differs from the first by more than chance: two questions."""
    said = [series.trend, f"from first to latest {series.change}" if series.change else ""]
    return "; ".join(filter(None, said)).capitalize()


def _band(bands: Iterable[tuple[str, int]], total: int) -> str:
    return next((name for name, lowest in reversed(list(bands)) if lowest <= total), NOTHING)


def brief_series(record: Record) -> list[Block]:
    """The first and the latest total of each questionnaire, in one table."""
    rows = [
        [one.name, str(one.points[0][1]), str(one.points[-1][1]), str(one.highest), _said(one)]
        for one in record.treatment.series
        if one.points
    ]
    if not rows:
        return [Paragraph(none(record, "questionnaires"), "empty")]
    head = ["Questionnaire", "First", "Latest", "Out of", "Course"]
    return [table_of("", head, rows, [30, 10, 10, 12, 38], frozenset({1, 2, 3}))]


def tracker_sections(record: Record) -> list[Section]:
    """Each thing that is followed, with its values."""
    goals = {goal.id: goal.wording for goal in record.treatment.goals}
    return [
        _tracker(record, one, goals.get(one.goal, ""), place) for place, one in enumerate(record.treatment.trackers)
    ]


def _tracker(record: Record, tracker: Tracker, goal: str, place: int) -> Section:
    facts = filled(
        [
            ("For the goal", goal),
            ("Kind", label_of(TrackerKind, tracker.kind)),
            ("Unit", tracker.unit),
            ("Scale", _scale(tracker)),
            ("How often", _rhythm(tracker)),
            ("Direction", label_of(Better, tracker.better)),
            ("Ended", day(tracker.ended_at) if tracker.ended_at else ""),
        ]
    )
    title = tracker.question or label_of(TrackerKind, tracker.kind)
    rows = [[day(one.day), number(one.value), one.note] for one in tracker.entries]
    blocks: list[Block] = [Facts(facts), *_picture(_tracker_chart(tracker, title, place), [])]
    if rows:
        head = ["Day", "Value", "Note"]
        blocks.append(table_of("All values", head, rows, [22, 14, 64], frozenset({1})))
    else:
        blocks.append(Paragraph(none(record, "values"), "empty"))
    return Section(title, blocks)


def _rhythm(tracker: Tracker) -> str:
    if tracker.rhythm == Rhythm.CUSTOM and tracker.every_days:
        return f"Every {many(tracker.every_days, 'day')}"
    return label_of(Rhythm, tracker.rhythm)


def _scale(tracker: Tracker) -> str:
    if tracker.lowest is None or tracker.highest is None:
        return ""
    return f"{number(tracker.lowest)} to {number(tracker.highest)}"


def _picture(chart: Chart | None, bands: list[str]) -> list[Block]:
    if chart is None:
        return []
    end = "" if chart.title.endswith(("?", "!", ".")) else "."
    return [Picture(chart, f"{chart.title}{end} {chart.description}", bands)]


def _tracker_chart(tracker: Tracker, title: str, place: int) -> Chart | None:
    known = [(one.day, float(one.value)) for one in tracker.entries if _is_number(one.value)]
    if len(known) < FROM_TWO:
        return None
    values = [value for _, value in known]
    lowest = float(tracker.lowest) if tracker.lowest is not None else min(0.0, *values)
    highest = float(tracker.highest) if tracker.highest is not None else max(values)
    if lowest >= highest:
        return None
    return draw_chart(f"tracker-{place}", title, known, lowest=lowest, highest=highest)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, bool)


def assignments(record: Record) -> list[Block]:
    """What the patient was asked to fill in, and what is asked again and again."""
    treatment = record.treatment
    blocks: list[Block] = []
    if treatment.assignments:
        rows = [
            [_name(record, one.instrument), day(one.due_date), label_of(AssignmentStatus, one.status)]
            for one in treatment.assignments
        ]
        blocks.append(table_of("", ["Questionnaire", "Due", "Status"], rows, [50, 25, 25]))
    if treatment.schedules:
        rows = [
            [
                _name(record, one.instrument),
                f"Every {many(one.every_days, 'day')}",
                day(one.next_due_date),
                day(one.ended_at),
            ]
            for one in treatment.schedules
        ]
        head = ["Questionnaire", "How often", "Next", "Ended"]
        blocks.append(table_of("Recurring questionnaires", head, rows, [40, 20, 20, 20]))
    return blocks or [Paragraph("No questionnaire was assigned.", "empty")]


def _name(record: Record, key: str) -> str:
    """In plain words for the patient, as all of their copy."""
    if key not in INSTRUMENTS:
        return label_of((), key)
    return INSTRUMENTS[key].plain_name if record.about.is_for_patient else INSTRUMENTS[key].name


def check_ins(record: Record) -> list[Block]:
    """What the patient sent."""
    if not record.treatment.check_ins:
        return [Paragraph(none(record, "check-ins"), "empty")]
    rows = [[day(one.day), number(one.mood), one.note] for one in record.treatment.check_ins]
    table = table_of("", ["Day", "Mood (1 to 10)", "Note"], rows, [22, 20, 58], frozenset({1}))
    reminders = record.treatment.reminders
    if reminders is None:
        return [table]
    start, end = (dates.hour(time.fromisoformat(one)) for one in (reminders.quiet_from, reminders.quiet_until))
    quiet = f"none from {start} to {end} on the patient's clock"
    told = f"Reminders are wanted; {quiet}." if reminders.wants_reminders else "No reminders are wanted."
    return [table, Paragraph(told, "soft")]
