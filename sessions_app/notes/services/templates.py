"""Templates of notes: those of the product, and those that therapists make."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import (
    TEMPLATE_ARCHIVED,
    TEMPLATE_CHANGED,
    TEMPLATE_CREATED,
    TEMPLATE_DELETED,
    TEMPLATE_RESTORED,
)
from sessions_app.models import NoteTemplate, TemplateVersion
from sessions_app.notes.access import require_own
from sessions_app.pipeline.note_templates.definition import Definition, InvalidDefinition, parse_definition
from sessions_app.pipeline.note_templates.system import system_templates
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput, NotFound

MAX_NAME, MAX_DESCRIPTION = 80, 300  # characters


class TemplateConflict(Conflict):
    """Another tab has changed the template since; `template` is what stands now. Its writer has what was refused."""

    code = "edit_conflict"

    def __init__(self, template: NoteTemplate) -> None:
        self.template = template
        self.extensions = {"conflict": _contents(template) | {"revision": template.revision}}
        super().__init__("This template was changed in another tab.")


def install_system_templates(templates: type[NoteTemplate], versions: type[TemplateVersion]) -> None:
    """Add the product's templates, and a version to those that have changed; by the models of a state of migration."""
    for one in system_templates():
        shown = {"name": one.name, "description": one.description}
        row, _ = templates._default_manager.update_or_create(key=one.key, defaults=shown)
        definition = one.definition.model_dump()
        latest = versions._default_manager.filter(template=row).order_by("-number").first()
        if latest is None or latest.definition != definition:
            number = latest.number + 1 if latest else 1
            versions._default_manager.create(template=row, number=number, definition=definition)


def create_template(
    name: str, definition: Any, *, by: Actor, description: str = "", is_shared: bool = False
) -> NoteTemplate:
    """Add a therapist's own template; InvalidInput with an error at each place that is wrong."""
    parsed = checked_definition(definition)
    user: User = by.user
    if user.clinic is None:
        raise Forbidden("Your account belongs to no clinic.")
    with transaction.atomic():
        template = NoteTemplate.objects.create(
            clinic=user.clinic, owner=user, name=name, description=description, is_shared=is_shared
        )
        _add_version(template, parsed.model_dump(), 1, by)
        record(TEMPLATE_CREATED, template, by=by)
    return template


def change_template(
    template: NoteTemplate, changes: Mapping[str, Any], *, by: Actor, revision: int | None = None
) -> NoteTemplate:
    """Change the name, the description, who may use it, or the `definition`, which adds a version.

    TemplateConflict if a `revision` is given and another name, description or definition was saved since.
    """
    require_own(template, by)
    given = dict(changes)
    if "definition" in given:
        given["definition"] = checked_definition(given["definition"]).model_dump()
    with template.locked():
        template.refresh_from_db()
        template.latest = template.versions.latest("number")
        before = _contents(template) | {"is_shared": template.is_shared}
        changed = sorted(name for name, value in given.items() if value != before[name])
        if changed and revision not in {None, template.revision}:
            raise TemplateConflict(template)
        _apply(template, given, changed, by)
        record(TEMPLATE_CHANGED, template, by=by, changed=changed)
    return template


def _contents(template: NoteTemplate) -> dict[str, Any]:
    return {
        "name": template.name,
        "description": template.description,
        "definition": template.latest.definition,
    }


def _apply(template: NoteTemplate, given: Mapping[str, Any], changed: list[str], by: Actor) -> None:
    for name in changed:
        if name == "definition":
            template.latest = _add_version(template, given[name], template.latest.number + 1, by)
        else:
            setattr(template, name, given[name])
    template.revision += bool(set(changed) - {"is_shared"})
    template.save()


def duplicate_template(template: NoteTemplate, name: str = "", *, by: Actor) -> NoteTemplate:
    """A copy of the template's latest version, as the therapist's own."""
    definition = template.versions.latest("number").definition
    return create_template(
        name or f"Copy of {template.name}"[:MAX_NAME], definition, by=by, description=template.description
    )


def archive_template(template: NoteTemplate, *, by: Actor) -> None:
    """Offer it for new notes no longer; notes that were written with it stay as they are."""
    require_own(template, by)
    with template.locked():
        template.refresh_from_db()
        template.archived_at = template.archived_at or timezone.now()
        template.save()
        record(TEMPLATE_ARCHIVED, template, by=by)


def restore_template(template: NoteTemplate, *, by: Actor) -> None:
    """Offer an archived template for new notes again."""
    require_own(template, by)
    with template.locked():
        template.refresh_from_db()
        template.archived_at = None
        template.save()
        record(TEMPLATE_RESTORED, template, by=by)


def delete_template(template: NoteTemplate, *, by: Actor) -> None:
    """Delete a template that no note was ever written with; Conflict for any other, which can be archived."""
    require_own(template, by)
    try:
        with template.locked():
            record(TEMPLATE_DELETED, template, by=by)
            template.delete()
    except ProtectedError:
        detail = "Notes were written with this template, so it can only be archived."
        raise Conflict(detail, code="template_in_use") from None


def latest_version(template: NoteTemplate) -> TemplateVersion:
    """The version that new notes are written with; Conflict for an archived template."""
    if template.archived_at:
        raise Conflict("This template has been archived.", code="template_archived")
    found: TemplateVersion | None = template.versions.first()
    if found is None:
        raise NotFound("This template does not exist.")
    return found


def checked_definition(data: Any) -> Definition:
    """The definition; InvalidInput whose errors name each place below `definition`."""
    try:
        return parse_definition(data)
    except InvalidDefinition as error:
        raise InvalidInput(errors={f"definition.{place}": texts for place, texts in error.errors.items()}) from None


def _add_version(template: NoteTemplate, definition: dict[str, Any], number: int, by: Actor) -> TemplateVersion:
    return TemplateVersion.objects.create(template=template, number=number, definition=definition, created_by=by.user)
