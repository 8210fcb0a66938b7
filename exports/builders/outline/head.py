"""What every document says first: about whom it is, for whom it was made, what the law says of it, what is left out."""

from exports.builders.notices import SHARED
from exports.builders.outline.blocks import Facts, Notice, Paragraph, Section, table_of
from exports.builders.outline.words import day, filled, imported, label_of, many
from exports.choices import ExportKind, Extra
from exports.records.record import About, Origin, Record, Withheld
from sessions_app.notes.choices import WithholdingException
from therapybridge.core import dates

# Statement 1 of 42 CFR 2.32(a)(1), as amended on 16 February 2024 (89 FR 12472), which goes with each disclosure.
PART_2_NOTICE = [
    (
        "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR "
        "part 2). These rules prohibit you from using or disclosing this record, or testimony that describes "
        "the information contained in this record, in any civil, criminal, administrative, or legislative "
        "proceedings by any Federal, State, or local authority, against the patient, unless authorized by the"
        " consent of the patient, except as provided at 42 CFR 2.12(c)(5) or as authorized by a court in "
        "accordance with 42 CFR 2.64 or 2.65. In addition, the Federal rules prohibit you from making any "
        "other use or disclosure of this record unless at least one of the following applies:"
    ),
    (
        "(i) Further use or disclosure is expressly permitted by the written consent of the individual whose "
        "information is being disclosed in this record or as otherwise permitted by 42 CFR part 2."
    ),
    (
        "(ii) You are a covered entity or business associate and have received the record for treatment, "
        "payment, or health care operations, or"
    ),
    (
        "(iii) You have received the record from a covered entity or business associate as permitted by 45 "
        "CFR part 164, subparts A and E."
    ),
    (
        "A general authorization for the release of medical or other information is NOT sufficient to meet "
        "the required elements of written consent to further use or redisclose the record (see 42 CFR 2.31)."
    ),
]
NOT_AUTHORISED = "Not authorised by the patient"
ASSISTED = (
    "Notes marked “AI-assisted” were prefilled from a draft that software made of the session's transcript. "
    "Whoever signed such a note reviewed it and is responsible for what it says."
)


def title_of(about: About) -> str:
    """The kind of document."""
    label = str(ExportKind(about.kind).label)
    return "Copy of your record" if about.is_for_patient and about.kind == ExportKind.FULL_RECORD else label


def period_of(about: About) -> str:
    """From when to when; everything unless it is limited."""
    if about.start and about.end:
        return f"{day(about.start)} to {day(about.end)}"
    if about.start:
        return f"Since {day(about.start)}"
    if about.end:
        return f"Until {day(about.end)}"
    return "All dates"


def identity_of(record: Record) -> Facts:
    """Who the patient is. What nobody knows is said to be unknown: a reader has to tell two people apart."""
    patient = record.patient
    rows = [
        ("Patient", patient.name or "Name not recorded"),
        ("Date of birth", day(patient.date_of_birth) if patient.date_of_birth else "Not recorded"),
        ("Pronouns", patient.pronouns),
        ("Record number", str(patient.id)),
    ]
    return Facts(filled(rows))


def about_of(record: Record) -> Facts:
    """What this document is, who made it, for whom and why."""
    about = record.about
    # Notes may be of single sessions, which a record does not tell.
    is_limited = about.start or about.end or about.kind != ExportKind.SESSION_NOTES
    rows = [
        *([("Period", period_of(about))] if is_limited else []),
        ("Prepared", f"{dates.zoned(about.made_at)} by {about.made_by or record.practice.name}"),
        ("For", about.recipient or ("The patient" if about.is_for_patient else "Not stated")),
        ("Purpose", about.purpose or ("The patient's own request" if about.is_for_patient else "Not stated")),
        *(("Imported", _origin(one)) for one in record.origins),
    ]
    return Facts(rows)


def _origin(one: Origin) -> str:
    """Which export of another practice the record was imported from."""
    brought = f" by {one.imported_by}" if one.imported_by else ""
    return f"{imported(one)}{brought}, as exported there {dates.zoned(one.exported_at)}"


def notices_of(record: Record) -> list[Notice]:
    """What must be read before the rest."""
    found = []
    if record.about.is_part_2:
        found.append(Notice("Notice of 42 CFR Part 2 (§ 2.32)", PART_2_NOTICE, "law"))
    if any(note.is_ai_assisted for note in record.notes):
        found.append(Notice("AI-assisted notes", [ASSISTED]))
    if missing := [*record.withheld, *_left_out_before(record)]:
        parts = sum(one.count for one in missing)
        told = f"{many(parts, 'item')} {'is' if parts == 1 else 'are'} not in this document: see “Left out”."
        found.append(Notice("Not complete", [told]))
    return found


def left_out(record: Record) -> Section:
    """What is withheld, on which ground; said too if nothing is."""
    more = [Paragraph(SHARED, "soft")] if record.about.is_for_patient else []
    rows = [[one.what, str(one.count), _ground(one), one.reason] for one in record.withheld]
    for origin in record.origins:
        reason = f"Left out of the export of {origin.practice_name} from which the record was imported."
        rows += [[one.what, str(one.count), _ground(one), f"{reason} {one.reason}"] for one in origin.left_out]
    if not rows:
        nothing = [] if more else [Paragraph("Nothing that belongs in this document was left out.", "empty")]
        return Section("Left out", [*more, *nothing], anchor="left-out")
    head = ["What", "Number", "Ground", "Reason"]
    return Section("Left out", [table_of("", head, rows, [24, 13, 30, 33], frozenset({1})), *more], anchor="left-out")


def _left_out_before(record: Record) -> list[Withheld]:
    """What was missing already when the record was imported."""
    return [one for origin in record.origins for one in origin.left_out]


def _ground(one: Withheld) -> str:
    return NOT_AUTHORISED if one.exception in Extra.values else label_of(WithholdingException, one.exception)
