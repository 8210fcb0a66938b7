"""The doors to single rows of emergency access and of patients' rights: 404 or 403, on record."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.access import actor
from accounts.models import BreakGlassGrant
from audit import log
from therapybridge.core.errors import Forbidden, NotFound


def visible_grant(request: HttpRequest | Request, grant_id: UUID, action: str) -> BreakGlassGrant:
    """An emergency access that the person holds or may review; NotFound, on record, for anyone else."""
    reader = actor(request)
    mine = Q(therapist=reader.pk) | Q(pk__in=BreakGlassGrant.objects.reviewable_by(reader).values("pk"))
    rows = BreakGlassGrant.objects.filter(mine).select_related("patient", "therapist", "reviewed_by")
    grant: BreakGlassGrant | None = rows.filter(pk=grant_id).first()
    if grant is None:
        denied = BreakGlassGrant(pk=grant_id)
        log.record(action, by=reader, target=denied, outcome="denied", reason="not_found", request=request)
        raise NotFound
    return grant


def reviewable_grant(request: HttpRequest | Request, grant_id: UUID, action: str) -> BreakGlassGrant:
    """An emergency access that the person may judge; the holder meets Forbidden."""
    grant = visible_grant(request, grant_id, action)
    if grant.therapist_id == actor(request).pk:
        log.record(action, by=actor(request), target=grant, outcome="denied", reason="own", request=request)
        raise Forbidden("Someone else has to review this.", code="own_access")
    return grant


def own_grant(request: HttpRequest | Request, grant_id: UUID, action: str) -> BreakGlassGrant:
    """An emergency access that the person holds; reviewers meet Forbidden."""
    grant = visible_grant(request, grant_id, action)
    if grant.therapist_id != actor(request).pk:
        log.record(action, by=actor(request), target=grant, outcome="denied", reason="not_holder", request=request)
        raise Forbidden("Only the holder can end it; a review that finds it unjustified ends it, too.")
    return grant
