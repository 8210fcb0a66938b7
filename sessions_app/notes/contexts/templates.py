"""Contexts of the pages on which templates of notes are listed, read and built."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from sessions_app.models import NoteTemplate, TemplateVersion
from sessions_app.notes.choices import SOURCE_LABELS
from sessions_app.notes.forms import NoteForm, TemplateBuilder, name_of
from sessions_app.notes.querysets import TemplateQuerySet
from sessions_app.pipeline.note_templates.definition import Definition
from therapybridge.core.pages.lists import Choice, Listing, ListPage

ARCHIVED = "archived"


def template_list(user: User, query: Mapping[str, str]) -> ListPage:
    """A page of the templates that a therapist may use, or of their archived ones."""
    listing = Listing(
        order=("name", "id"),
        per_page=25,
        search=lambda rows, q: rows.filter(Q(name__ilike=q) | Q(description__ilike=q)),
        choice=Choice(
            "show",
            {"": "All", "mine": "Mine", "clinic": "Shared in the clinic", "system": "Built in", ARCHIVED: "Archived"},
            lambda rows, chosen: _narrowed(rows, chosen, user),
        ),
    )
    rows = NoteTemplate.objects.visible_to(user).with_usage(user).with_version().select_related("owner")
    archived = query.get("show") == ARCHIVED
    return listing.page(rows.filter(archived_at__isnull=not archived), query, reverse("templates:list"))


def _narrowed(rows: TemplateQuerySet, chosen: str, user: User) -> TemplateQuerySet:
    wanted = {"mine": Q(owner=user), "clinic": Q(is_shared=True), "system": ~Q(key=""), ARCHIVED: Q(owner=user)}
    return rows.filter(wanted[chosen])


def template_context(template: NoteTemplate, user: User, number: str) -> dict[str, Any]:
    """A template as an empty note, by the version of that `number`, else the latest."""
    versions = list(template.versions.select_related("created_by"))
    shown = next((version for version in versions if str(version.number) == number), versions[0])
    return {
        "template": template,
        "is_own": template.owner_id == user.pk,
        "versions": versions,
        "shown": shown,
        "is_latest": shown is versions[0],
        "preview": list(empty_note(shown.parsed)),
    }


def empty_note(definition: Definition) -> Iterator[dict[str, Any]]:
    """The sections of a note in which nothing is written, with where each field's words come from."""
    form = NoteForm(definition=definition, auto_id="preview_%s")
    for section in definition.sections:
        fields = [
            {
                "bound": form[name_of(field.id)],
                "required": field.required,
                "sources": [SOURCE_LABELS[source] for source in field.ai_mapping],
            }
            for field in section.fields
        ]
        yield {"title": section.title, "fields": fields}


def builder_of(template: NoteTemplate) -> TemplateBuilder:
    """The builder of a template whose `latest` is set."""
    head = {"name": template.name, "description": template.description, "revision": template.revision}
    return TemplateBuilder.of(head, template.latest.definition)


def builder_context(builder: TemplateBuilder) -> dict[str, Any]:
    """The forms in order, and what the note will look like."""
    sketch = builder.sketch
    sections = [
        _part(builder, token) | {"fields": [_part(builder, field) for field in fields]}
        for token, fields in builder.outline.sections
    ]
    return {
        "form": builder.head,
        "forms": builder.all_forms,
        "builder": builder,
        "sections": sections,
        "preview": list(empty_note(sketch)) if sketch else [],
    }


def _part(builder: TemplateBuilder, token: str) -> dict[str, Any]:
    is_first, is_last = builder.outline.is_first(token), builder.outline.is_last(token)
    return {"token": token, "form": builder.parts[token], "is_first": is_first, "is_last": is_last}


def elsewhere_context(template: NoteTemplate) -> dict[str, Any]:
    """What another tab has saved, to be read before it is replaced."""
    latest: TemplateVersion = template.latest
    return {"template": template, "version": latest, "preview": list(empty_note(latest.parsed))}
