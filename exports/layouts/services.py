"""A clinic's layouts: adding, changing, deleting, and what a document takes from one."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.log import record
from exports.layouts.audit_actions import LAYOUT_CHANGED, LAYOUT_CREATED, LAYOUT_DELETED
from exports.layouts.choices import Part
from exports.layouts.models import ExportLayout
from exports.records.record import Layout
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, EditConflict, Forbidden, InvalidInput

MAX_LAYOUTS = 50  # of one clinic
MAX_NAME, MAX_LETTERHEAD = 80, 500  # characters


def create_layout(*, by: Actor, **given: Any) -> ExportLayout:
    """Add a layout of the therapist's clinic; InvalidInput for a name that is taken, Conflict if there are too many."""
    user: User = by.user
    clinic = user.clinic
    if clinic is None:
        raise Forbidden("Your account belongs to no clinic.")
    with clinic.locked():
        if ExportLayout.objects.filter(clinic=clinic).count() >= MAX_LAYOUTS:
            raise Conflict(f"There are {MAX_LAYOUTS} layouts, which is the most. Delete one first.", code="too_many")
        layout = ExportLayout(clinic=clinic, changed_by=user, **_checked({"parts": list(Part.values)} | given))
        _save(layout, force_insert=True)
        record(LAYOUT_CREATED, layout, by=by)
    return layout


def change_layout(layout: ExportLayout, *, revision: int, by: Actor, **changes: Any) -> ExportLayout:
    """Change a layout on top of `revision`; documents that were made with it stay as they are."""
    with layout.locked():
        held = _held(layout, revision)
        given = _checked(changes)
        changed = sorted(name for name, value in given.items() if value != getattr(held, name))
        if changed:
            for name in changed:
                setattr(held, name, given[name])
            held.revision += 1
            held.changed_by = by.user
            _save(held, update_fields=[*changed, "revision", "changed_by"])
        record(LAYOUT_CHANGED, held, by=by, changed=changed)
    return held


def delete_layout(layout: ExportLayout, *, revision: int, by: Actor) -> None:
    """Delete a layout; exports that wait for a worker are made with the usual one."""
    with layout.locked():
        held = _held(layout, revision)
        record(LAYOUT_DELETED, held, by=by)
        held.delete()


def layout_for(clinic_id: UUID, layout_id: str | None) -> Layout:
    """What a document takes from a layout of the clinic; the usual one if none is named or it was deleted."""
    found = ExportLayout.objects.filter(clinic=clinic_id, pk=layout_id).first() if layout_id else None
    if found is None:
        return Layout()
    return Layout(
        letterhead=found.letterhead,
        parts=found.parts,
        is_newest_first=found.is_newest_first,
        shows_empty_fields=found.shows_empty_fields,
    )


def _held(layout: ExportLayout, revision: int) -> ExportLayout:
    held: ExportLayout = ExportLayout.objects.select_related("changed_by").get(pk=layout.pk)
    if held.revision != revision:
        raise EditConflict(held, "layout")
    return held


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """The given columns; InvalidInput for a nameless layout and for parts that are unknown, twice or without notes."""
    if not given.get("name", ".").strip():
        raise InvalidInput(errors={"name": ["Give it a name."]})
    if "parts" in given:
        _require_known(given["parts"])
    return given


def _require_known(parts: Collection[str]) -> None:
    if len(set(parts)) != len(parts) or not set(parts) <= set(Part.values):
        raise InvalidInput(errors={"parts": ["Name each part once."]})
    if Part.NOTES not in parts:
        raise InvalidInput(errors={"parts": ["A document of session notes holds the notes."]})


def _save(layout: ExportLayout, **how: Any) -> None:
    """The constraint decides if two people choose one name at once."""
    try:
        with transaction.atomic():
            layout.save(**how)
    except IntegrityError:
        raise InvalidInput(errors={"name": ["There is a layout of this name already."]}) from None
