"""Which parts each kind of document has, in their order."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from exports.builders.outline import answers, measures, notes, people, plans, risk, sessions, timeline
from exports.builders.outline.blocks import Block, Facts, Paragraph, Section
from exports.builders.outline.words import day, filled, many, none
from exports.choices import ExportKind
from exports.records.record import Record

SOURCE_OF_NUMBERS = (
    "Percentages are the therapist's estimates or follow from measured values. A trend is stated only where there are "
    "results of three days or more."
)
NO_RISK = "No possible risk was flagged for review."


def parts_of(record: Record) -> list[Section]:
    """The parts of the document."""
    return KINDS[ExportKind(record.about.kind)](record)


def _session_notes(record: Record) -> list[Section]:
    layout = record.about.layout
    ordered = _newest_first(record) if layout.is_newest_first else record
    found = [part for name in layout.parts if (part := _part(ordered, name))]
    return [*found, *notes.private_notes(ordered)]


def _newest_first(record: Record) -> Record:
    sessions_held = sorted(record.sessions, key=lambda one: one.held_at, reverse=True)
    places = {one.id: place for place, one in enumerate(sessions_held)}
    last = len(places)
    held_notes = sorted(record.notes, key=lambda one: places.get(one.session, last))
    items = sorted(record.action_items, key=lambda one: places.get(one.session, last))
    return replace(record, sessions=sessions_held, notes=held_notes, action_items=items)


def _part(record: Record, name: str) -> Section | None:
    if name == "overview":
        return Section("Sessions", sessions.overview(record), anchor="sessions")
    if name == "notes":
        return _notes(record)
    if name == "summaries":
        return _grouped("Summaries for the patient", sessions.summaries(record), none(record, "summaries"))
    if name == "action_items":
        return Section("Agreed steps", sessions.action_items(record), anchor="steps")
    return None


def _notes(record: Record) -> Section:
    return _grouped("Notes", notes.note_sections(record, record.notes), none(record, "notes"), "notes")


def _grouped(title: str, sections: Iterable[Section], nothing: str, anchor: str = "") -> Section:
    held = list(sections)
    blocks: list[Block] = [] if held else [Paragraph(nothing, "empty")]
    return Section(title, blocks, held, anchor or title.lower().replace(" ", "-"))


def _timeline(record: Record) -> list[Section]:
    charts = measures.series_sections(record)
    notice: list[Block] = [*timeline.private_notice(record)]
    events = _grouped("Timeline", timeline.months(record), none(record, "events"), "timeline")
    told = f"{many(len(record.events), 'event')}, the latest first."
    counted: list[Block] = [Paragraph(told, "soft")] if record.events else events.blocks
    shown = replace(events, blocks=[*notice, *counted])
    return [shown, *([_grouped("Questionnaires", charts, "")] if charts else [])]


def _course(record: Record) -> list[Block]:
    held = [one.held_at for one in record.sessions]
    if not held:
        return [Paragraph(none(record, "sessions"), "empty")]
    first, last = day(min(held)), day(max(held))
    rows = filled(
        [
            ("Sessions", f"{many(len(held), 'session')}, {first if first == last else f'{first} to {last}'}"),
            ("With", ", ".join(dict.fromkeys(record.name_of(one.therapist) for one in record.sessions))),
        ]
    )
    return [Facts(rows)]


def _about_the_numbers(record: Record) -> list[Section]:
    """Where percentages and trends come from; nothing where there are none."""
    if not (record.treatment.goals or record.treatment.series):
        return []
    return [Section("About the numbers", [Paragraph(SOURCE_OF_NUMBERS, "soft")], anchor="numbers")]


def _tracked(record: Record) -> list[Section]:
    trackers = measures.tracker_sections(record)
    return [_grouped("What is tracked", trackers, "")] if trackers else []


def _progress_report(record: Record) -> list[Section]:
    return [
        Section("Sessions", _course(record), anchor="sessions"),
        _grouped("Plans and goals", plans.plan_sections(record, in_full=False), none(record, "treatment plans")),
        _grouped("Questionnaires", measures.series_sections(record), none(record, "questionnaires")),
        *_tracked(record),
        *_about_the_numbers(record),
    ]


def _answers(record: Record) -> list[Section]:
    """No part of its own without any: the one above says so."""
    found = answers.answer_sections(record)
    return [_grouped("Answers to questionnaires", found, "", "answers")] if found else []


def _treatment_summary(record: Record) -> list[Section]:
    plan_parts = [Section(plan.title, [Facts(plans.plan_facts(record, plan))]) for plan in record.treatment.plans]
    series = measures.series_sections(record)
    return [
        *_for_therapists(record, Section("Health", people.health(record), anchor="health")),
        Section("Course of treatment", [*_course(record), *people.relations(record)], anchor="course"),
        _grouped("Plans", plan_parts, none(record, "treatment plans")),
        Section("Goals", plans.brief_goals(record), anchor="goals"),
        replace(_grouped("Questionnaires", series, ""), blocks=measures.brief_series(record)),
        *([_grouped("Turning points", timeline.months(record), "")] if record.events else []),
        *_about_the_numbers(record),
    ]


def _for_therapists(record: Record, section: Section) -> list[Section]:
    """What no copy for a patient holds, so that none says that there is nothing."""
    return [] if record.about.is_for_patient else [section]


def _full_record(record: Record) -> list[Section]:
    held = [sessions.session_section(record, one) for one in record.sessions]
    return [
        Section("Contact", people.contact(record), anchor="contact"),
        *_for_therapists(record, Section("Health", people.health(record), anchor="health")),
        Section("Therapists", people.relations(record), anchor="therapists"),
        _notes(record),
        *notes.private_notes(record),
        _grouped("Sessions", held, none(record, "sessions")),
        Section("Agreed steps", sessions.action_items(record), anchor="steps"),
        *_for_therapists(record, _grouped("Reviews of possible risk", risk.review_sections(record), NO_RISK, "risk")),
        *_timeline(replace(record, treatment=replace(record.treatment, series=[]))),
        _grouped("Plans and goals", plans.plan_sections(record, in_full=True), none(record, "treatment plans")),
        _grouped("Questionnaires", measures.series_sections(record), none(record, "questionnaires")),
        *_answers(record),
        Section("Assigned questionnaires", measures.assignments(record), anchor="assigned"),
        _grouped("What is tracked", measures.tracker_sections(record), "Nothing is tracked."),
        *_about_the_numbers(record),
        Section("Check-ins", measures.check_ins(record), anchor="check-ins"),
        _grouped("Consents", people.consents(record), "No consent is on record."),
        Section("Accounting of disclosures", people.disclosures(record), anchor="disclosures"),
        Section("Requests of the patient", people.access_requests(record), anchor="requests"),
    ]


KINDS: dict[ExportKind, Callable[[Record], list[Section]]] = {
    ExportKind.SESSION_NOTES: _session_notes,
    ExportKind.TIMELINE: _timeline,
    ExportKind.PROGRESS_REPORT: _progress_report,
    ExportKind.TREATMENT_SUMMARY: _treatment_summary,
    ExportKind.FULL_RECORD: _full_record,
}
