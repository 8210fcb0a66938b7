"""Notes with everything that stands with them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch

from exports.collect.rows import Rows
from exports.records.columns import (
    ADDENDUM,
    ARCHIVE_STEP,
    CORRECTION,
    GOAL_LINK,
    NOTE,
    NOTE_VERSION,
    SIGNATURE,
    WITHHOLDING,
    WITHOUT_GOAL,
)
from exports.records.sessions import Field, Note, NoteTemplate, Section
from sessions_app.models import NoteVersion, TemplateVersion
from sessions_app.notes.contexts.notes import read_parts
from sessions_app.notes.contexts.signed import told_plainly
from sessions_app.notes.services.signing import is_intact
from sessions_app.pipeline.note_templates.content import Content

READ = ("signatures", "addenda", "amendment_requests")
KEPT = ("withholdings", "archive_steps", "goal_links", "without_goal")


def collected_notes(rows: Rows, *, with_history: bool = False) -> list[Note]:
    """The notes, as therapists read them or as their patient does; `with_history` what they were before, too."""
    if rows.is_shared:
        return [_shared(row) for row in rows.notes().prefetch_related(*READ)]
    versions = NoteVersion.objects.order_by("number") if with_history else NoteVersion.objects.none()
    found = rows.notes().prefetch_related(*READ, *KEPT, Prefetch("versions", versions))
    return [_note(row) for row in found]


def templates_of(notes: Sequence[Note]) -> list[NoteTemplate]:
    """The forms of these notes and of all their versions."""
    used = {note.template.id for note in notes} | {one.template for note in notes for one in note.versions}
    found = TemplateVersion.objects.filter(pk__in=used).select_related("template").order_by("template", "number")
    return [template_of(row) for row in found]


def template_of(version: TemplateVersion, *, definition: dict[str, Any] | None = None) -> NoteTemplate:
    """The form in which a note was written."""
    template = version.template
    return NoteTemplate(
        id=version.pk,
        template=template.pk,
        key=template.key,
        name=template.name,
        number=version.number,
        definition=version.definition if definition is None else definition,
    )


def _note(row: Any) -> Note:
    links, apart = _in_order(row.goal_links.all()), getattr(row, "without_goal", None)
    note: Note = NOTE.read(
        row,
        **_read_with(row),
        template=template_of(row.template_version),
        sections=_sections(read_parts(row, Content.from_json(row.content))),
        versions=[NOTE_VERSION.read(one) for one in row.versions.all()],
        withholdings=[WITHHOLDING.read(one) for one in _in_order(row.withholdings.all())],
        archive_steps=[ARCHIVE_STEP.read(one) for one in _in_order(row.archive_steps.all())],
        goals=[one.goal_id for one in links],
        goal_links=[GOAL_LINK.read(one) for one in links],
        without_goal=apart.reason if apart else None,
        no_goal=WITHOUT_GOAL.read(apart) if apart else None,
    )
    return note


def _shared(row: Any) -> Note:
    """As the portal shows it: with headings in plain words, and without what drafts proposed."""
    parts = read_parts(row, Content.from_json(row.content))
    note: Note = NOTE.read(
        row,
        **_read_with(row),
        template=template_of(row.template_version, definition={}),
        sections=_sections(told_plainly(part) for part in parts),
    )
    return replace(note, content={})


def _read_with(row: Any) -> dict[str, Any]:
    """What stands with a note for every reader of it."""
    return {
        "is_intact": not row.is_locked or is_intact(row),
        "is_ai_assisted": any(one.drafted is not None for one in Content.from_json(row.content).fields.values()),
        "signatures": [SIGNATURE.read(one) for one in row.signatures.all()],
        "addenda": [ADDENDUM.read(one) for one in row.addenda.all()],
        "corrections": [CORRECTION.read(one) for one in _in_order(row.amendment_requests.all())],
    }


def _sections(parts: Iterable[Any]) -> list[Section]:
    return [
        Section(title=part["title"], fields=[Field(label=one["label"], text=one["text"]) for one in part["fields"]])
        for part in parts
    ]


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda one: one.pk)
