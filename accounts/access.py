"""Access checks shared by pages and API: sign-in, role and recent proof of identity; every 403 is audited."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from audit import log
from audit.audit_actions import Action
from therapybridge.core import limits
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.errors import DomainError, Forbidden

SAFE = ("GET", "HEAD")
READ_ONLY: tuple[str, ...] = ("GET",)
FORM: tuple[str, ...] = ("GET", "POST")
POST: tuple[str, ...] = ("POST",)
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Guard:
    """What a page requires of its reader. Refusals are audited as `action`; empty `roles` means everyone."""

    action: Action
    roles: tuple[str, ...]
    methods: list[str]


# Attributes set on views, for the middleware and for code that lists all pages.
guards: dict[View, Guard] = {}
_background: set[View] = set()


def guard_of(view: View) -> Guard | None:
    """The guard of a page, even when other decorators wrap it; None for views that are not our pages."""
    return next((guards[one] for one in _layers(view) if one in guards), None)


def is_background(view: View) -> bool:
    """Whether the page polls this fragment by itself."""
    return any(one in _background for one in _layers(view))


def _layers(view: View | None) -> Iterator[View]:
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)


class StepUpRequired(Forbidden):
    """A sensitive operation: the person has to confirm their identity again."""

    code = "step_up_required"
    title = "Please confirm it's you"


class MethodNotAllowed(DomainError):
    """The page does not accept this HTTP method."""

    code = "method_not_allowed"
    status = 405
    title = "This page does not support that action"

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(
            "This page is read-only." if set(allowed) <= set(SAFE) else "", headers={"Allow": ", ".join(allowed)}
        )


def page(
    action: Action, *roles: str, methods: Sequence[str] = READ_ONLY, limit: str = "write", step_up: bool = False
) -> Callable[[View], View]:
    """A page for signed-in people with one of `roles` (default: all); anyone else gets 403, audited as `action`.

    `limit` rate-limits unsafe methods, `urgent` all of them, `step_up` requires a recent proof of identity.
    """
    allowed = ["GET", "HEAD", *methods[1:]] if methods[0] == "GET" else list(methods)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                raise MethodNotAllowed(allowed)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            by, name = actor_of(request), "read" if request.method in SAFE and limit != "urgent" else limit
            limits.check_for(name, by)
            require_role(by, action, *roles, patient_id=kwargs.get("patient_id"))
            if step_up and not is_stepped_up(by):
                return to_step_up(request)
            return view(request, *args, **kwargs)

        guards[guarded] = Guard(action, roles, allowed)
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Redirect to sign-in and back; for an htmx request the whole page is redirected, not the fragment."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return redirect_to_login(request.get_full_path())
    here = htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
    return HttpResponseClientRedirect(redirect_to_login(here).url)


def background(view: View) -> View:
    """Marks a fragment that a page polls by itself: such requests do not keep the session alive."""
    _background.add(view)
    return view


def require_role(by: Actor, action: Action, *roles: str, patient_id: UUID | None = None) -> None:
    """Raise Forbidden, audited as a denied `action`, unless the person has one of `roles`."""
    if roles and by.user.role not in roles:
        log.deny(action, "role", by=by, patient_id=patient_id)
        raise Forbidden


def is_stepped_up(by: Actor) -> bool:
    """Whether the person signed in or confirmed their identity within the last STEP_UP_SECONDS."""
    return _is_recent(by.auth_session.stepped_up_at if by.auth_session else None)


def has_used_factor(by: Actor) -> bool:
    """Whether the person used a second factor, and not only a browser that is trusted, within the same time."""
    return _is_recent(by.auth_session.factor_used_at if by.auth_session else None)


def _is_recent(proof: datetime | None) -> bool:
    return proof is not None and proof > timezone.now() - timedelta(seconds=settings.STEP_UP_SECONDS)


def require_step_up(by: Actor) -> None:
    """For the API: raise StepUpRequired without a recent proof of identity."""
    if not is_stepped_up(by):
        raise StepUpRequired


def to_step_up(request: HttpRequest, way: str = "account_reauthenticate") -> HttpResponseRedirect:
    """Redirect to the page that confirms the person's identity, and back to this one."""
    return redirect_to_login(request.get_full_path(), resolve_url(way))
