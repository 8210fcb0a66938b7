"""Draw the data model: a box for each model, an arrow for each foreign key.

Positions and captions are set by hand below; everything else is read from the models.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import models

from therapybridge.core.fields import EncryptedField

PICTURE = settings.BASE_DIR / "docs" / "data-model.svg"
Column = dict[str, str]

SUBTITLES = {
    "exports": "what leaves the practice, and comes back",
    "timeline": "the patient's story",
    "treatment": "plans, goals and what is measured",
    "sessions_app": "from a recording to a note",
    "accounts": "people, care, consent and sign-in",
    "audit": "who did what",
}
# From top to bottom, each with its columns from left to right: model and caption.
FLOORS: dict[str, tuple[Column, Column, Column]] = {
    "exports": (
        {"ExportLayout": "how documents look in a clinic"},
        {"ExportJob": "a file for whoever asked for it"},
        {
            "ExportSchedule": "an export again and again",
            "RecordImport": "a record that came in",
            "ScheduledExport": "which was made for which day",
        },
    ),
    "timeline": (
        {},
        {"TimelineEvent": "what happened, and when"},
        {"TimelineCount": "totals, so that lists never count rows"},
    ),
    "treatment": (
        {
            "TreatmentPlan": "what a patient is treated for",
            "PlanVersion": "what a plan said at a moment",
            "PlanReview": "a review of a plan; append-only",
            "PlanConsent": "the patient's decision on a version",
            "PlanConsentRequest": "a signing link about a version",
            "PlanMilestone": "a step of a plan",
            "MeasureSchedule": "a questionnaire every so often",
            "MeasureAssignment": "a questionnaire to be filled in",
            "MeasureResult": "a questionnaire that was",
            "FormLink": "a form that a patient fills in once",
        },
        {
            "Goal": "what is to be reached",
            "GoalRating": "how far it has come; append-only",
            "GoalIntervention": "what serves a goal",
            "Intervention": "an entry of the library",
            "GoalLink": "a note serves a goal",
            "NoteWithoutGoal": "why a note serves none",
        },
        {
            "Tracker": "a number that is followed",
            "TrackingEntry": "its value on a day",
            "CheckIn": "what a patient sent at once",
            "Award": "a threshold that was reached",
            "ReminderPreference": "whether and when to remind",
            "SentReminder": "one a day at most",
        },
    ),
    "sessions_app": (
        {
            "Recording": "one private file",
            "TranscriptPiece": "a transcribed chunk: a checkpoint",
            "Transcript": "what was said",
        },
        {
            "TherapySession": "one meeting; owns its status",
            "SessionNote": "the clinical note, until it is signed and after",
            "NoteVersion": "what a note said at a moment",
            "NoteSignature": "who signed a note, and what",
            "NoteAddendum": "added to a signed note",
            "ArchiveStep": "a note was filed away, or taken out",
            "NoteWithholding": "a note the patient cannot read",
            "AmendmentRequest": "a correction a patient asks for",
            "PrivateNote": "for its author alone",
            "RiskReview": "possible risk, until a disposition",
            "RiskReviewEntry": "who did what about it, and when",
        },
        {
            "ProcessingJob": "the state of processing",
            "EngineCircuit": "whether an engine may be called",
            "Extraction": "one version of the draft note",
            "StatementReview": "a sentence kept or deleted",
            "ActionItem": "an agreed step, until done or dropped",
            "ActionItemClosing": "that it was closed before, and why",
            "PatientSummary": "for the patient, once approved",
            "NoteTemplate": "the form of a note",
            "TemplateVersion": "one version of a form",
            "DraftingStyle": "how a therapist wants drafts",
            "TextSnippet": "words that one therapist uses often",
        },
    ),
    "accounts": (
        {
            "User": "therapist, patient or administrator",
            "AuthSession": "a browser, or a device with tokens",
            "IdempotencyRecord": "the answer to a repeated request",
            "AccessRequest": "a patient's request",
            "Disclosure": "the record was given to someone",
        },
        {
            "Clinic": "a practice: everything belongs to one",
            "ConsentTemplate": "the clinic's text, versioned",
            "ConsentRequest": "a signing link",
            "ConsentEntry": "one decision; append-only",
            "OutgoingMail": "the outbox",
        },
        {
            "Invitation": "a link to join",
            "TherapistPatient": "who treats whom: grants access",
            "PatientProfile": "a patient's details",
            "BreakGlassGrant": "emergency access, reviewed later",
        },
    ),
    "audit": (
        {"AuditEvent": "who did what to whose record"},
        {"AuditLink": "an event's position in the chain"},
        {
            "AuditChain": "the end of a clinic's chain",
            "AuditTombstone": "a range removed by retention",
        },
    ),
}
# References by id without a constraint, so that either row may outlive the other.
BY_ID = [
    ("TimelineEvent", "TherapySession"),
    ("AuditLink", "AuditEvent"),
    ("AuditLink", "AuditChain"),
    ("AuditTombstone", "AuditChain"),
]

BOX, GAP, MARGIN, PAD = 300, 104, 24, 22
WIDTH = 3 * BOX + 2 * GAP + 2 * (MARGIN + PAD)
HEAD, ROW, LEGEND = 46, 19, 64
SEALED_WIDTH = 38  # characters

STYLE = """
svg { --paper: #f7f5f1; --surface: #ffffff; --band: #f0ede7; --line: #d3ccc0; --ink: #1e2527; --soft: #545e61;
  --accent: #0b6762; --accent-soft: #e1f0ed; --person: #2a5796; --person-soft: #e5eef9; --seal: #784e00; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #121617; --surface: #1a2022; --band: #171c1e; --line: #3a4648; --ink: #e7eae8; --soft: #a8b3b2;
    --accent: #63c7bd; --accent-soft: #17322f; --person: #93bbf0; --person-soft: #192b42; --seal: #e9bd67; }
}
text { font: 12px -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; fill: var(--ink); }
.paper { fill: var(--paper); } .band { fill: var(--band); } .box { fill: var(--surface); stroke: var(--line); }
.floor { font-size: 15px; font-weight: 600; } .name { font-size: 14px; font-weight: 600; } .soft { fill: var(--soft); }
.field, .target { font: 11px ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.chip { fill: var(--accent-soft); } .target { fill: var(--accent); }
.person .chip { fill: var(--person-soft); } .person .target { fill: var(--person); }
.seal { fill: none; stroke: var(--seal); stroke-width: 1.3; } .sealed { fill: var(--seal); }
.arrow { fill: none; stroke: var(--accent); stroke-width: 1.5; } .by-id { stroke-dasharray: 5 4; }
.head { fill: var(--accent); }
"""


@dataclass(frozen=True)
class Box:
    """A model's box; x and y are its upper left corner, in pixels."""

    model: type[models.Model]
    caption: str
    x: int
    y: int

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.__name__

    @property
    def subject(self) -> str:
        """The subject package it belongs to, if the app has any."""
        inner = self.model.__module__.split(".")[1]
        return "" if inner == "models" else inner

    @property
    def keys(self) -> list[models.ForeignKey[Any, Any]]:
        """Foreign keys, including one-to-one, in the order of the code."""
        return [field for field in self.model._meta.local_fields if isinstance(field, models.ForeignKey)]

    @property
    def sealed(self) -> list[str]:
        """The names of encrypted fields, wrapped into lines."""
        names = [field.name for field in self.model._meta.local_fields if isinstance(field, EncryptedField)]
        return wrap(", ".join(names), SEALED_WIDTH)

    @property
    def height(self) -> int:
        """The height with all lines."""
        lines = len(self.keys) + len(self.sealed)
        return HEAD + ROW * lines + (10 if lines else 4)


class Command(BaseCommand):
    """Redraws the picture; run it when a model gains or loses a foreign key or an encrypted field."""

    help = "Writes docs/data-model.svg from the models."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; the output is deterministic."""
        PICTURE.write_text(draw())


def draw() -> str:
    """Build the SVG; CommandError for a model without a position."""
    parts: list[str] = []
    boxes: dict[str, Box] = {}
    top = MARGIN
    for app, columns in FLOORS.items():
        placed = list(_place(app, columns, top + HEAD))
        bottom = max(box.y + box.height for box in placed) + PAD
        parts.append(_band(app, top, bottom))
        boxes |= {box.name: box for box in placed}
        top = bottom + MARGIN
    parts += [_box(box) for box in boxes.values()] + list(_arrows(boxes)) + [_legend(top)]
    return _page(top + LEGEND, parts)


def _place(app: str, columns: tuple[Column, ...], top: int) -> Iterator[Box]:
    """Centre columns vertically, so that a single box is in the middle of its neighbours."""
    found = {model.__name__: model for model in apps.get_app_config(app).get_models()}
    if missing := set(found) - {name for column in columns for name in column}:
        raise CommandError(f"Add a position in FLOORS for: {', '.join(sorted(missing))}")
    stacks = [[Box(found[name], caption, 0, 0) for name, caption in column.items()] for column in columns]
    tallest = max(_stack_height(stack) for stack in stacks)
    for column, stack in enumerate(stacks):
        x, y = MARGIN + PAD + column * (BOX + GAP), top + (tallest - _stack_height(stack)) // 2 * (len(stack) == 1)
        for box in stack:
            yield Box(box.model, box.caption, x, y)
            y += box.height + PAD


def _stack_height(stack: list[Box]) -> int:
    return sum(box.height for box in stack) + PAD * (len(stack) - 1) if stack else 0


def _band(app: str, top: int, bottom: int) -> str:
    x, line = MARGIN + PAD, top + 29
    subtitle = f'<tspan dx="10">{escape(SUBTITLES[app])}</tspan>'
    shape = _rect("band", MARGIN, top, WIDTH - 2 * MARGIN, bottom - top, radius=12)
    return f'{shape}<text class="soft" x="{x}" y="{line}"><tspan class="floor">{app}</tspan>{subtitle}</text>'


def _box(box: Box) -> str:
    x, y = box.x, box.y
    parts = [
        _rect("box", x, y, BOX, box.height, radius=8),
        _text("name", x + 14, y + 22, box.name),
        _text("soft", x + BOX - 14, y + 22, box.subject, end=True),
        _text("soft", x + 14, y + 38, box.caption),
    ]
    line = y + HEAD + 13
    for key in box.keys:
        parts.append(_key(key, x, line))
        line += ROW
    for number, names in enumerate(box.sealed):
        parts.append((_lock(x + 14, line - 9) if number == 0 else "") + _text("field sealed", x + 32, line, names))
        line += ROW
    return "\n".join(parts)


def _key(key: models.ForeignKey[Any, Any], x: int, line: int) -> str:
    """A field and, on the right, its target; references to User get no arrow, since nearly every model has one."""
    target = key.remote_field.model.__name__
    name = f"{key.name} (one to one)" if isinstance(key, models.OneToOneField) else key.name
    chip = _chip(x + BOX - 10 - _chip_width(target), line, target)
    person = ' class="person"' if target == "User" else ""
    return f"<g{person}>{_text('field', x + 14, line, name)}{chip}</g>"


def _chip(x: int, line: int, target: str) -> str:
    return _rect("chip", x, line - 12, _chip_width(target), 16, radius=8) + _text("target", x + 8, line, f"→ {target}")


def _chip_width(target: str) -> int:
    return 7 * len(target) + 28


def _arrows(boxes: dict[str, Box]) -> Iterator[str]:
    links = [
        (box.name, key.remote_field.model.__name__, "arrow")
        for box in boxes.values()
        for key in box.keys
        if key.remote_field.model.__name__ in boxes and key.remote_field.model.__name__ != "User"
    ]
    links += [(source, target, "arrow by-id") for source, target in BY_ID]
    for source, target, style in links:
        beside = [one for one, other, _ in links if other == target and boxes[one].x == boxes[source].x]
        yield _arrow(boxes[source], boxes[target], style, beside.index(source), len(beside))


def _arrow(source: Box, target: Box, style: str, place: int, of: int) -> str:
    """A straight arrow between boxes above each other, else a curve; `place` is its landing point among `of` arrows."""
    if source.x == target.x:
        x, down = source.x + BOX // 2, source.y < target.y
        start = source.y + source.height if down else source.y
        end = target.y - 7 if down else target.y + target.height + 7
        return f'<path class="{style}" marker-end="url(#head)" d="M{x} {start} V{end}"/>'
    right = source.x < target.x
    x, end = (source.x + BOX, target.x - 7) if right else (source.x, target.x + BOX + 7)
    y, middle = source.y + min(HEAD + 9, source.height // 2), (x + end) // 2
    landing = target.y + target.height * (place + 1) // (of + 1)
    curve = f"M{x} {y} C{middle} {y} {middle} {landing} {end} {landing}"
    return f'<path class="{style}" marker-end="url(#head)" d="{curve}"/>'


def _legend(top: int) -> str:
    x, y = MARGIN + PAD, top + 22
    arrow = '<path class="{}" marker-end="url(#head)" d="M{} {} h34"/>'
    return "".join(
        [
            arrow.format("arrow", x, y - 4) + _text("soft", x + 54, y, "foreign key"),
            arrow.format("arrow by-id", x + 160, y - 4) + _text("soft", x + 214, y, "by id, no constraint"),
            f'<g class="person">{_chip(x + 370, y, "User")}</g>',
            _text("soft", x + 436, y, "foreign key to a person, not drawn"),
            _lock(x + 680, y - 9) + _text("soft", x + 698, y, "encrypted fields"),
            _text("soft", x, y + 24, "Arrows point within a floor or down, as imports do."),
        ]
    )


def _lock(x: int, y: int) -> str:
    return f'<path class="seal" d="M{x} {y + 4} h10 v7 h-10 z M{x + 2} {y + 4} v-2 a3 3 0 0 1 6 0 v2"/>'


def _rect(style: str, x: int, y: int, width: int, height: int, *, radius: int) -> str:
    return f'<rect class="{style}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'


def _text(style: str, x: int, y: int, words: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{style}" x="{x}" y="{y}"{anchor}>{escape(words)}</text>' if words else ""


def _page(height: int, parts: list[str]) -> str:
    marker = (
        '<marker id="head" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8"'
        ' markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0 L8 4 L0 8 z"/></marker>'
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>The data model of TherapyBridge</title>",
            f"<style>{STYLE}</style><defs>{marker}</defs>",
            f'<rect class="paper" width="{WIDTH}" height="{height}" rx="16"/>',
            *parts,
            "</svg>\n",
        ]
    )
