"""Pages on which templates of notes are listed, read, built and shared."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record
from sessions_app.audit_actions import (
    TEMPLATE_ARCHIVED,
    TEMPLATE_CHANGED,
    TEMPLATE_CREATED,
    TEMPLATE_DELETED,
    TEMPLATE_LISTED,
    TEMPLATE_READ,
    TEMPLATE_RESTORED,
)
from sessions_app.models import NoteTemplate
from sessions_app.notes.access import open_own_template, open_template
from sessions_app.notes.contexts import templates as contexts
from sessions_app.notes.forms import TemplateBuilder
from sessions_app.notes.services import templates
from sessions_app.notes.services.templates import TemplateConflict
from therapybridge.core import limits
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.errors import InvalidInput
from therapybridge.core.pages.forms import UNPROCESSABLE, perform
from therapybridge.core.pages.fragments import wants_fragment

CONFLICT = 409


@page(TEMPLATE_LISTED, User.Role.THERAPIST)
def template_list(request: HttpRequest) -> HttpResponse:
    """Templates that the therapist may use, by name."""
    by = actor_of(request)
    rows = contexts.template_list(by.user, request.GET)
    record(TEMPLATE_LISTED, by=by, ids=[row.pk for row in rows])
    name = "_templates" if wants_fragment(request) else "templates"
    return render(request, f"sessions_app/{name}.html", rows.context())


@page(TEMPLATE_READ, User.Role.THERAPIST)
def template_detail(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """A template as an empty note, with its versions."""
    by = actor_of(request)
    template = open_template(by, template_id, TEMPLATE_READ)
    record(TEMPLATE_READ, template, by=by)
    context = contexts.template_context(template, by.user, request.GET.get("version", ""))
    return render(request, "sessions_app/template.html", context)


# Steps of the builder write nothing, so they count as reading; saving counts as both.
@page(TEMPLATE_CREATED, User.Role.THERAPIST, methods=FORM, limit="read")
def new_template(request: HttpRequest) -> HttpResponse:
    """Build a template of one's own."""
    builder, by = _opened(request, TemplateBuilder.new), actor_of(request)

    def create(revision: int | None, **given: Any) -> NoteTemplate:
        return templates.create_template(by=by, **given)

    if _is_saving(request) and (made := _saved(builder, by, create)):
        messages.success(request, "The template has been saved.")
        return redirect("templates:detail", made.pk)
    return _builder_page(request, builder)


@page(TEMPLATE_CHANGED, User.Role.THERAPIST, methods=FORM, limit="read")
def edit_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Change a template of one's own; two tabs see each other's version before one replaces the other."""
    by = actor_of(request)
    template = open_own_template(by, template_id, TEMPLATE_CHANGED)
    template.latest = template.versions.latest("number")
    builder = _opened(request, lambda: contexts.builder_of(template))

    def change(revision: int | None, **changes: Any) -> NoteTemplate:
        return templates.change_template(template, changes, by=by, revision=revision or 0)

    if _is_saving(request):
        try:
            if made := _saved(builder, by, change):
                messages.success(request, f"Saved as version {made.latest.number}.")
                return redirect("templates:detail", template_id)
        except TemplateConflict as conflict:
            return _conflict_page(request, builder, conflict.template)
    record(TEMPLATE_READ, template, by=by)
    return _builder_page(request, builder, template)


def _is_saving(request: HttpRequest) -> bool:
    """Whether the builder is to be saved, instead of taking a step."""
    return request.method == "POST" and "do" not in request.POST


def _opened(request: HttpRequest, stored: Callable[[], TemplateBuilder]) -> TemplateBuilder:
    """The builder as it is stored, or as it was sent, after the step that was chosen."""
    if request.method != "POST":
        return stored()
    builder = TemplateBuilder.sent(request.POST)
    if step := request.POST.get("do"):
        builder.change(step)
    return builder


def _saved(builder: TemplateBuilder, by: Actor, service: Callable[..., NoteTemplate]) -> NoteTemplate | None:
    """What the service makes of the builder; None with the errors in it."""
    limits.check_for("write", by)
    if not builder.is_valid():
        return None
    try:
        return service(**builder.head.cleaned_data, definition=builder.definition)
    except InvalidInput as error:
        builder.add_errors(error.errors or {})
        return None


def _builder_page(
    request: HttpRequest, builder: TemplateBuilder, template: NoteTemplate | None = None, **more: Any
) -> HttpResponse:
    context = contexts.builder_context(builder) | {"template": template} | more
    status = CONFLICT if more else UNPROCESSABLE if builder.is_refused else 200
    return render(request, "sessions_app/edit_template.html", context, status=status)


def _conflict_page(request: HttpRequest, builder: TemplateBuilder, template: NoteTemplate) -> HttpResponse:
    """Both texts; saving once more replaces the other one, which stays a version."""
    record(TEMPLATE_READ, template, by=actor_of(request))
    builder.replace(template.revision)
    return _builder_page(request, builder, template, elsewhere=contexts.elsewhere_context(template))


@page(TEMPLATE_CREATED, User.Role.THERAPIST, methods=POST)
def duplicate_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Copy a template, and go on to change the copy."""
    by = actor_of(request)
    template = open_template(by, template_id, TEMPLATE_CREATED)
    copy = templates.duplicate_template(template, by=by)
    messages.success(request, "This copy is yours. Change what you like.")
    return redirect("templates:edit", copy.pk)


@page(TEMPLATE_CHANGED, User.Role.THERAPIST, methods=POST)
def share_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Let the whole clinic use it."""
    done = "Your colleagues can use this template now."
    return _run(request, template_id, TEMPLATE_CHANGED, done, templates.change_template, {"is_shared": True})


@page(TEMPLATE_CHANGED, User.Role.THERAPIST, methods=POST)
def withdraw_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Keep it to oneself again; what colleagues wrote with it stays."""
    done = "Only you can use this template for new notes now."
    return _run(request, template_id, TEMPLATE_CHANGED, done, templates.change_template, {"is_shared": False})


@page(TEMPLATE_ARCHIVED, User.Role.THERAPIST, methods=POST)
def archive_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Offer it for new notes no longer."""
    done = "The template is archived. Notes that were written with it stay as they are."
    return _run(request, template_id, TEMPLATE_ARCHIVED, done, templates.archive_template)


@page(TEMPLATE_RESTORED, User.Role.THERAPIST, methods=POST)
def restore_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Take it out of the archive."""
    done = "The template can be used for new notes again."
    return _run(request, template_id, TEMPLATE_RESTORED, done, templates.restore_template)


@page(TEMPLATE_DELETED, User.Role.THERAPIST, methods=POST)
def delete_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Delete a template that was never used."""
    by = actor_of(request)
    template = open_own_template(by, template_id, TEMPLATE_DELETED)
    perform(request, "The template was deleted.", templates.delete_template, template, by=by)
    return redirect("templates:list")


def _run(
    request: HttpRequest, template_id: UUID, action: Action, done: str, service: Callable[..., object], *given: object
) -> HttpResponse:
    by = actor_of(request)
    template = open_own_template(by, template_id, action)
    perform(request, done, service, template, *given, by=by)
    return redirect("templates:detail", template_id)
