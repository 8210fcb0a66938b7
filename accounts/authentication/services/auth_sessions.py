"""Authentication sessions of browsers and devices: creating, validating and revoking them.

A session is valid if it is not revoked, is within its idle and absolute limits, belongs to an active person and, if the
person has a second factor, was opened with it. A person who must have a second factor but has none can only set one up.
"""

import secrets
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import AuthSession, BreakGlassGrant, Clinic, User
from therapybridge.core.actor import Actor
from therapybridge.core.compiled import Compiled, Slot, built_once
from therapybridge.core.errors import Forbidden

SID = "sid"  # where a browser keeps the id of its session
BROWSER_KEY = "browser_key"  # what its pages encrypt unsaved text with; deleted with the session's row at sign-out
REFRESH_EVERY = timedelta(minutes=1)
MUST_HAVE_SECOND_FACTOR = (User.Role.THERAPIST, User.Role.ADMIN)


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


OF_SESSION, OF_PERSON, OF_CLINIC = _columns(AuthSession), _columns(User), _columns(Clinic)


class SecondFactorMissing(Forbidden):
    """The role requires a second factor and the person has none yet."""

    code = "mfa_enrolment_required"
    title = "Set up a second factor first: sign in with a browser to do this"


def create(
    user: User,
    kind: str,
    *,
    by: Actor,
    with_second_factor: bool,
    is_factor_used: bool | None = None,
    device_name: str = "",
) -> AuthSession:
    """Create a session for a person who has just signed in; if they have a second factor, it is valid only with it.

    `is_factor_used` is false where a trusted browser stood for the factor.
    """
    now = timezone.now()
    return AuthSession.objects.create(
        user=user,
        kind=kind,
        device=by.user_agent,
        device_name=device_name,
        ip=by.address,
        last_used_at=now,
        expires_at=now + idle_limit(kind),
        ends_at=now + settings.SESSION_ENDS_AFTER[kind],
        second_factor_at=now if with_second_factor else None,
        factor_used_at=now if (with_second_factor if is_factor_used is None else is_factor_used) else None,
        stepped_up_at=now,
    )


def new_browser_key() -> str:
    """256 random bits in base64, for one sign-in of a browser."""
    return b64encode(secrets.token_bytes(32)).decode()


def valid_session(session_id: UUID | str | None, kind: str) -> AuthSession | None:
    """The session with its person and clinic, or None when it is no longer valid."""
    if not session_id:
        return None
    found = _live_session().rows(session=session_id, kind=kind)
    session = _with_person(found[0]) if found else None
    if session is None or (session.has_factor and session.second_factor_at is None):
        return None
    return session


@built_once
def _live_session() -> Compiled:
    """Each request begins with this query."""
    pk, kind = Slot("session", models.UUIDField()), Slot("kind", models.CharField())
    columns = [*OF_SESSION, *(f"user__{one}" for one in OF_PERSON), *(f"user__clinic__{one}" for one in OF_CLINIC)]
    rows = AuthSession.objects.live().with_auth_state().filter(pk=pk, kind=kind).order_by()
    return Compiled(rows.values_list(*columns, "has_factor", "has_grant"))


def _with_person(row: tuple[Any, ...]) -> AuthSession:
    """The session with its person, and that one with the clinic, if any."""
    person_at, clinic_at = len(OF_SESSION), len(OF_SESSION) + len(OF_PERSON)
    session = AuthSession.from_db("default", OF_SESSION, row[:person_at])
    session.user = User.from_db("default", OF_PERSON, row[person_at:clinic_at])
    if session.user.clinic_id:
        session.user.clinic = Clinic.from_db("default", OF_CLINIC, row[clinic_at:-2])
    session.has_factor, session.has_grant = row[-2:]
    return session


def needs_second_factor(user: User) -> bool:
    """Whether the person's role requires a second factor."""
    return bool(settings.MFA_REQUIRED and (user.role in MUST_HAVE_SECOND_FACTOR or user.is_superuser))


def must_enrol(session: AuthSession) -> bool:
    """Whether the person has to set up a second factor before anything else."""
    return needs_second_factor(session.user) and not session.has_factor


def actor_with(session: AuthSession, caller: Actor) -> Actor:
    """The caller as the session's person, with their live emergency grants."""
    return replace(caller.acting_as(session.user), auth_session=session, grants=_live_grants(session))


def _live_grants(session: AuthSession) -> dict[UUID, UUID]:
    if not session.has_grant:
        return {}
    live = BreakGlassGrant.objects.live().filter(therapist=session.user_id).order_by("id")
    return dict(live.values_list("patient_id", "pk"))


def refresh_last_used(session: AuthSession) -> None:
    """Record use of the session. This moves a browser's idle limit; a device's moves when it refreshes its tokens."""
    now = timezone.now()
    if now - session.last_used_at < REFRESH_EVERY:
        return
    moved = {"expires_at": now + idle_limit(session.kind)} if session.kind == AuthSession.Kind.BROWSER else {}
    AuthSession.objects.filter(pk=session.pk, revoked_at=None).update(last_used_at=now, **moved)
    session.last_used_at, session.expires_at = now, moved.get("expires_at", session.expires_at)


def seconds_left(session: AuthSession) -> int:
    """Seconds until the session ends if it is not used again."""
    return max(0, int((min(session.expires_at, session.ends_at) - timezone.now()).total_seconds()))


def idle_limit(kind: str) -> timedelta:
    """How long a session lasts without use."""
    limit: timedelta = settings.SESSION_IDLE_AFTER[kind]
    return limit


def mark_stepped_up(session: AuthSession, *, by_factor: bool) -> None:
    """Record that the person has just confirmed their identity, by a second factor or by the password."""
    now = timezone.now()
    proof = {"factor_used_at": now} if by_factor else {}
    AuthSession.objects.filter(pk=session.pk).update(stepped_up_at=now, **proof)


def mark_second_factor(session: AuthSession) -> None:
    """Record that the person set up a second factor in this session; all their other sessions end."""
    now = timezone.now()
    AuthSession.objects.filter(pk=session.pk).update(second_factor_at=now, factor_used_at=now)
    revoke_all(session.user_id, "second_factor_added", but=session.pk)


def revoke_others(by: Actor, reason: str) -> int:
    """Revoke all of the person's sessions except the current one, if any; returns how many were revoked."""
    return revoke_all(by.user.pk, reason, but=by.auth_session.pk if by.auth_session else None)


def revoke(session: AuthSession, reason: str) -> bool:
    """Revoke one session; False if it was already revoked."""
    return bool(revoke_all(session.user_id, reason, only=session.pk))


def revoke_all(user_id: UUID, reason: str, *, only: UUID | None = None, but: UUID | None = None) -> int:
    """Revoke a person's sessions: all, `only` one, or all `but` one; returns how many were revoked."""
    rows = AuthSession.objects.filter(user=user_id, revoked_at=None)
    rows = rows.filter(pk=only) if only else rows
    rows = rows.exclude(pk=but) if but else rows
    return rows.update(revoked_at=timezone.now(), revoked_reason=reason)
