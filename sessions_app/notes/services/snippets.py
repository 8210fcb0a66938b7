"""A therapist's text snippets. Their names are encrypted, so that order and equality are found in memory."""

from collections.abc import Mapping
from uuid import UUID

from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import SNIPPET_CHANGED, SNIPPET_CREATED, SNIPPET_DELETED
from sessions_app.models import TextSnippet
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, InvalidInput, NotFound

MAX_SNIPPETS = 100  # of one therapist
MAX_SNIPPET_NAME, MAX_SNIPPET_TEXT = 60, 4_000  # characters


class SnippetConflict(Conflict):
    """Another tab has changed the snippet since; `snippet` is what stands now. Its writer has what was refused."""

    code = "edit_conflict"

    def __init__(self, snippet: TextSnippet) -> None:
        self.snippet = snippet
        self.extensions = {
            "conflict": {"name": snippet.name, "text": snippet.text, "revision": snippet.revision},
        }
        super().__init__("This snippet was changed in another tab.")


def snippets_by_name(user: User) -> list[TextSnippet]:
    """All of a therapist's snippets, by name."""
    return sorted(TextSnippet.objects.visible_to(user), key=lambda snippet: (snippet.name.casefold(), snippet.pk))


def create_snippet(name: str, text: str, *, by: Actor) -> TextSnippet:
    """Add a snippet; InvalidInput for a name that the therapist has given already, Conflict if there are too many."""
    with by.user.locked():
        own = snippets_by_name(by.user)
        if len(own) >= MAX_SNIPPETS:
            raise Conflict(f"You have {MAX_SNIPPETS} snippets, which is the most. Delete one first.", code="too_many")
        _require_new_name(name, own)
        snippet: TextSnippet = TextSnippet.objects.create(owner=by.user, name=name, text=text)
        record(SNIPPET_CREATED, snippet, by=by)
    return snippet


def change_snippet(snippet: TextSnippet, changes: Mapping[str, str], revision: int, *, by: Actor) -> TextSnippet:
    """Change name or text on top of `revision`; notes into which it was inserted stay as they are.

    SnippetConflict if it was changed since, to something else; InvalidInput for the name of another snippet.
    """
    with by.user.locked():
        own = snippets_by_name(by.user)
        held = _one_of(own, snippet.pk)
        if "name" in changes:
            _require_new_name(changes["name"], [other for other in own if other.pk != held.pk])
        changed = sorted(name for name, value in changes.items() if value != getattr(held, name))
        if changed and held.revision != revision:
            raise SnippetConflict(held)
        _apply(held, {name: changes[name] for name in changed})
        record(SNIPPET_CHANGED, held, by=by, changed=changed)
    return held


def _apply(held: TextSnippet, changes: Mapping[str, str]) -> None:
    if changes:
        for name, value in changes.items():
            setattr(held, name, value)
        held.revision += 1
        held.save()


def delete_snippet(snippet: TextSnippet, *, by: Actor) -> None:
    """Delete a snippet; notes into which it was inserted stay as they are."""
    with by.user.locked():
        held = _one_of(snippets_by_name(by.user), snippet.pk)
        record(SNIPPET_DELETED, held, by=by)
        held.delete()


def _one_of(own: list[TextSnippet], pk: UUID) -> TextSnippet:
    found = next((snippet for snippet in own if snippet.pk == pk), None)
    if found is None:
        raise NotFound("This snippet does not exist.")
    return found


def _require_new_name(name: str, others: list[TextSnippet]) -> None:
    if any(other.name.casefold() == name.casefold() for other in others):
        raise InvalidInput(errors={"name": ["You have a snippet with this name."]})
