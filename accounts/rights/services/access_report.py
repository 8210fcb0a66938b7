"""Who opened a patient's record, when and why: the audit trail in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.audit_actions import CONSENT_REQUEST_READ, CONSENT_SIGNED
from accounts.models import BreakGlassGrant, User
from audit import audit_actions
from audit.models import AuditEvent
from therapybridge.core.errors import InvalidInput

DAYS_A_PAGE = 30
# Actions open to anyone who holds an e-mailed link.
BY_LINK = (CONSENT_SIGNED, CONSENT_REQUEST_READ)
UNKNOWN = "used {your} record"


@dataclass(frozen=True, slots=True)
class LoggedAction:
    """An action of one person on one day, and how often it happened; `why` is set for an emergency."""

    what: str
    why: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One person on one day."""

    who: str
    role: str
    actions: list[LoggedAction]


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the reader's time zone."""

    day: date
    visits: list[Visit]


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Days, latest first; `earlier` is where the next page starts, None on the last."""

    days: list[Day]
    earlier: date | None


def in_words(action: str, *, for_patient: bool) -> str:
    """Plain words for an audit action."""
    known = audit_actions.find(action)
    if known is None:
        return UNKNOWN.format(your="your" if for_patient else "the")
    return known.for_patient if for_patient else known.for_staff


def parse_before(text: str | None) -> date | None:
    """Parse the `before` parameter; InvalidInput for anything but a plausible ISO date."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not date(1901, 1, 1) <= day <= date(2200, 1, 1):
        raise InvalidInput(errors={"before": ["Use a date, for example 2026-03-31."]})
    return day


def read_access_log(access: RecordAccess, before: date | None = None) -> AccessLog:
    """Up to 30 days, ending with the last one before `before` that has entries; without the patient's own reads."""
    rows = _rows(access.patient)
    if before is not None:
        rows = rows.filter(created_at__lt=_start_of(before))
    latest = rows.order_by("-id").values_list("created_at", flat=True).first()
    if latest is None:
        return AccessLog([], None)
    first_day = timezone.localdate(latest) - timedelta(days=DAYS_A_PAGE - 1)
    start = _start_of(first_day)
    has_more = rows.filter(created_at__lt=start).exists()
    days = _days(rows.filter(created_at__gte=start), for_patient=access.is_own)
    return AccessLog(days, first_day if has_more else None)


def _rows(patient: User) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.filter(patient_id=patient.pk, outcome=AuditEvent.Outcome.OK)
    rows = rows.exclude(action__in=audit_actions.unlogged())
    return rows.exclude(action__in=audit_actions.reads(), actor=patient.pk)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _days(rows: QuerySet[AuditEvent], *, for_patient: bool) -> list[Day]:
    zone = timezone.get_current_timezone()
    grouped = (
        rows.order_by()
        .annotate(day=TruncDate("created_at", tzinfo=zone))
        .values("day", "actor_id", "action", "grant_id")
        .annotate(times=Count("id"), first_at=Min("created_at"), last_at=Max("created_at"))
    )
    lines = sorted(grouped, key=lambda line: line["last_at"], reverse=True)
    people = User.objects.in_bulk({line["actor_id"] for line in lines if line["actor_id"]})
    reasons = _reasons({line["grant_id"] for line in lines if line["grant_id"]})
    by_day = groupby(sorted(lines, key=lambda line: line["day"], reverse=True), key=lambda line: line["day"])
    return [Day(day, _visits(list(of_day), people, reasons, for_patient=for_patient)) for day, of_day in by_day]


def _reasons(grant_ids: set[UUID]) -> dict[UUID, str]:
    if not grant_ids:
        return {}
    grants = BreakGlassGrant.objects.filter(pk__in=grant_ids).values_list("pk", "reason")
    return {pk: f"Emergency access: {BreakGlassGrant.Reason(reason).label}" for pk, reason in grants}


def _visits(
    lines: list[Any], people: Mapping[UUID, User], reasons: Mapping[UUID, str], *, for_patient: bool
) -> list[Visit]:
    visits: dict[tuple[UUID | None, bool], list[LoggedAction]] = {}
    for line in lines:
        action = LoggedAction(
            what=in_words(line["action"], for_patient=for_patient),
            why=reasons.get(line["grant_id"], ""),
            times=line["times"],
            first_at=line["first_at"],
            last_at=line["last_at"],
        )
        visits.setdefault((line["actor_id"], line["action"] in BY_LINK), []).append(action)
    return [Visit(*_named(*whose, people), actions) for whose, actions in visits.items()]


def _named(actor_id: UUID | None, is_link: bool, people: Mapping[UUID, User]) -> tuple[str, str]:
    if actor_id is None:
        return ("Someone with the link", "By e-mail") if is_link else ("TherapyBridge", "Automatic")
    person = people.get(actor_id)
    return (person.full_name, person.get_role_display()) if person else ("Someone who has left", "")


def opened_under(grant: BreakGlassGrant) -> Iterable[dict[str, Any]]:
    """What an emergency access was used for, by the audit trail: words, outcome, count, first and last time."""
    rows = AuditEvent.objects.filter(patient_id=grant.patient_id, grant_id=grant.pk)
    grouped = (
        rows.exclude(action__startswith="emergency.")
        .order_by()
        .values("action", "outcome")
        .annotate(times=Count("id"), rows=Count("target_id", distinct=True))
        .annotate(first_at=Min("created_at"), last_at=Max("created_at"))
    )
    lines = sorted(grouped, key=lambda line: line["first_at"])
    return [line | {"what": in_words(line["action"], for_patient=False)} for line in lines]
