"""Records by hand, for tests of builders: no database, and the same ids and days in every run."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from exports.choices import ExportKind
from exports.records.people import Patient
from exports.records.record import About, Origin, Record, Withheld
from exports.records.timeline import Event
from exports.tests import record_people as people
from exports.tests import record_sessions as sessions_of
from exports.tests.record_people import DAY, NOON, PATIENT, THERAPIST, an_id
from exports.tests.record_treatment import treatment_of

# Words that break what is built carelessly: other scripts, right to left, emoji, markup, formulas, no place to break.
ODD_TEXTS = (
    "Zoë Œuvre, Łódź, İstanbul, ﬁne",
    "שלום, איך היה השבוע? כתבתי 3 עמודים.",
    "مرحبا، نمت ست ساعات.",
    "\u202eright to left by a mark",
    "睡眠は六時間でした。",
    "🙂👩‍👩‍👧‍👦 family, 🏳️‍🌈",
    "e\u0301 combined, a\u0308o\u0308u\u0308",
    '<script>alert(1)</script><img src="http://canary.invalid/x.png">',
    "<style>@import url(file:///etc/passwd);</style> & &amp; ]]>",
    '=HYPERLINK("http://canary.invalid")',
    "+1; @SUM(A1:A9); -2; \t=1",
    'Quoted "words", commas,\nlines\r\nand; semicolons',
    "{{ 7*7 }} {% now %} ${x} %s",
)


def full_record(
    *, kind: str = ExportKind.FULL_RECORD, events: int = 6, sessions: int = 3, odd: bool = False, long: bool = False
) -> Record:
    """At least one of every part. `odd` puts texts in other scripts, markup and formulas everywhere, `long` a word of
    10,000 letters and paragraphs of several pages.
    """
    record = record_with(kind=kind, events=events, sessions=sessions)
    extra = [*(ODD_TEXTS if odd else ()), *(("w" * 10_000, "A long sentence that goes on. " * 800) if long else ())]
    return with_texts(record, "\n".join(extra)) if extra else record


def empty_record(*, kind: str = ExportKind.FULL_RECORD) -> Record:
    """A patient about whom nothing is known but the name."""
    patient = Patient(id=PATIENT, first_name="Ada", last_name="")
    return Record(about=_about(kind), practice=people.practice(), patient=patient)


def record_with(
    *,
    kind: str = ExportKind.FULL_RECORD,
    sessions: int = 3,
    lines: int = 6,
    events: int = 6,
    points: int = 12,
    words: int = 12,
    plans: int = 1,
) -> Record:
    """A record with so many of each: for tests and for benchmarks. A session has a note with `words` in each field."""
    held = [sessions_of.session(number, lines) for number in range(1, sessions + 1)]
    return Record(
        about=_about(kind),
        practice=people.practice(),
        patient=people.patient(),
        staff=people.staff(),
        relations=[people.relation()],
        consents=[people.consent()],
        disclosures=[people.disclosure()],
        access_requests=[people.access_request()],
        sessions=held,
        notes=[sessions_of.note(one, words) for one in held],
        private_notes=[sessions_of.private_note(one) for one in held[:1]],
        action_items=[sessions_of.action_item(one) for one in held],
        risk_reviews=[sessions_of.risk_review(one) for one in held[:1]],
        events=[_event(number) for number in range(events)],
        treatment=treatment_of(an_id, DAY, therapist=THERAPIST, points=points, plans=plans),
        withheld=_withheld(),
        origins=[_origin()],
    )


def with_texts(value: Any, more: str) -> Any:
    """The same with `more` below every free text, in all that is nested in it."""
    if isinstance(value, list):
        return [with_texts(one, more) for one in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    changed: dict[str, Any] = {}
    for name in value.__dataclass_fields__:
        held = getattr(value, name)
        is_text = name in FREE_TEXTS and isinstance(held, str)
        changed[name] = f"{held}\n{more}" if is_text else with_texts(held, more)
    return replace(value, **changed)


# Fields that people fill with words of their own.
FREE_TEXTS = {
    *("text", "details", "task", "reason", "answer", "statement", "description", "title", "wording", "plain_wording"),
    *("notes", "note", "diagnosis", "problems", "question", "unit", "recipient", "purpose", "what", "why"),
    *("medical_history", "medication", "safety_plan", "next_step", "address", "emergency_contact", "pronouns"),
    *("extension_reason", "without_goal", "frequency"),
}


def _about(kind: str) -> About:
    return About(
        kind=kind,
        made_at=NOON,
        made_by="Dr. Mara Vogel",
        recipient="Dr. Ines Okafor, Riverside Psychiatry",
        purpose="Continuing treatment there",
        start=DAY - timedelta(days=90),
        end=DAY,
        time_zone="America/New_York",
    )


KINDS = (("session", "Session"), ("external_event", "Life event"), ("medication", "Medication"), ("goal", "Goal"))
WEIGHTS = ("normal", "milestone", "high", "low", "critical")


def _event(number: int) -> Event:
    kind, label = KINDS[number % len(KINDS)]
    is_derived = kind in ("session", "goal")
    return Event(
        id=an_id("event", number),
        kind=kind,
        label=label,
        subtype="achieved" if kind == "goal" else "",
        happened_at=NOON - timedelta(days=number),
        day=None if is_derived else DAY - timedelta(days=number),
        title=f"{label} {number + 1}",
        description="What happened, in a sentence or two.",
        importance=WEIGHTS[number % len(WEIGHTS)],
        is_private=number % 5 == 1,
        source_type=kind if is_derived else "",
        source=an_id("source", number) if is_derived else None,
        therapist=THERAPIST,
        metadata={"mood": 4 + number % 5} if kind == "session" else {},
    )


def _origin() -> Origin:
    """From half a year before the notes, which were made here."""
    exported_at = NOON - timedelta(days=180)
    return Origin(
        id=an_id("import"),
        practice=an_id("former practice"),
        practice_name="Hillside Practice",
        exported_at=exported_at,
        exported_by="Dr. Lena Brandt",
        imported_at=exported_at + timedelta(hours=3),
        imported_by="Dr. Mara Vogel",
        sha256="5" * 64,
        left_out=[
            Withheld(
                what="Private events",
                count=3,
                exception="private_events",
                reason="They leave only with an authorisation of their own.",
            )
        ],
    )


def _withheld() -> list[Withheld]:
    return [
        Withheld(
            what="Session note",
            count=1,
            exception="safety",
            reason="It was likely to endanger someone's life or safety.",
            ids=[an_id("withheld note")],
        ),
        Withheld(
            what="Private (psychotherapy) notes",
            count=2,
            exception="psychotherapy_notes",
            reason="They leave only with an authorisation of their own (45 CFR 164.508(a)(2)).",
        ),
    ]
