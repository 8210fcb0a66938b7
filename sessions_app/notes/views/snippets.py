"""Pages of a therapist's text snippets, and the menu of them in a note."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import (
    SNIPPET_CHANGED,
    SNIPPET_DELETED,
    SNIPPET_LISTED,
    SNIPPET_READ,
)
from sessions_app.models import TextSnippet
from sessions_app.notes.access import open_snippet
from sessions_app.notes.forms import ChangeSnippetForm, SnippetForm
from sessions_app.notes.services import snippets
from sessions_app.notes.services.snippets import SnippetConflict
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import InvalidInput
from therapybridge.core.pages.forms import perform, status_of, submit

CONFLICT = 409


@page(SNIPPET_LISTED, User.Role.THERAPIST, methods=FORM)
def snippet_list(request: HttpRequest) -> HttpResponse:
    """The therapist's snippets by name, and a form to add another."""
    form = SnippetForm(request.POST or None)
    if submit(form, snippets.create_snippet, by=actor_of(request)):
        messages.success(request, "The snippet has been saved.")
        return redirect("snippets:list")
    return render(
        request, "sessions_app/snippets.html", {"form": form, "page": _listed(request)}, status=status_of(form)
    )


@page(SNIPPET_LISTED, User.Role.THERAPIST)
def snippet_menu(request: HttpRequest) -> HttpResponse:
    """The snippets as buttons that insert them, for scripts."""
    return render(request, "sessions_app/_snippet_menu.html", {"page": _listed(request)})


def _listed(request: HttpRequest) -> list[TextSnippet]:
    by = actor_of(request)
    rows = snippets.snippets_by_name(by.user)
    record(SNIPPET_LISTED, by=by, ids=[row.pk for row in rows])
    return rows


@page(SNIPPET_READ, User.Role.THERAPIST, methods=FORM)
def snippet_detail(request: HttpRequest, snippet_id: UUID) -> HttpResponse:
    """Read and change a snippet; two tabs see each other's text before one replaces the other."""
    by = actor_of(request)
    snippet = open_snippet(by, snippet_id, SNIPPET_CHANGED if request.method == "POST" else SNIPPET_READ)
    stored = {"name": snippet.name, "text": snippet.text, "revision": snippet.revision}
    form = ChangeSnippetForm(request.POST or None, initial=stored)

    def change(revision: int, **changes: str) -> TextSnippet:
        return snippets.change_snippet(snippet, changes, revision, by=by)

    try:
        if submit(form, change, catch=(InvalidInput,)):
            messages.success(request, "The snippet has been saved.")
            return redirect("snippets:list")
    except SnippetConflict as conflict:
        own = form.cleaned_data | {"revision": conflict.snippet.revision}
        return _snippet_page(request, conflict.snippet, ChangeSnippetForm(initial=own), CONFLICT)
    return _snippet_page(request, snippet, form, status_of(form))


def _snippet_page(request: HttpRequest, snippet: TextSnippet, form: ChangeSnippetForm, status: int) -> HttpResponse:
    record(SNIPPET_READ, snippet, by=actor_of(request))
    context = {"form": form, "snippet": snippet, "elsewhere": status == CONFLICT}
    return render(request, "sessions_app/snippet.html", context, status=status)


@page(SNIPPET_DELETED, User.Role.THERAPIST, methods=POST)
def delete_snippet(request: HttpRequest, snippet_id: UUID) -> HttpResponse:
    """Delete a snippet."""
    by = actor_of(request)
    snippet = open_snippet(by, snippet_id, SNIPPET_DELETED)
    perform(request, "The snippet was deleted.", snippets.delete_snippet, snippet, by=by)
    return redirect("snippets:list")
