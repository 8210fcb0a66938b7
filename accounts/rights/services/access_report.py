"""Who opened a patient's record, when and why: the audit trail in plain words.

The trail keeps every act; what is repeated in a short while is told once, here alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.audit_actions import CONSENT_REQUEST_READ, CONSENT_SIGNED
from accounts.models import BreakGlassGrant, User
from audit import audit_actions
from audit.filters import SLACK, since, until
from audit.models import AuditEvent
from audit.services.chain import first_id_at
from therapybridge.core import dates
from therapybridge.core.errors import InvalidInput

DAYS_A_PAGE = 30
# A page ends earlier, though never within a day, when people did more than this.
ROWS_A_PAGE = 3000
ONE_DAY = timedelta(days=1)
# Actions open to anyone who holds an e-mailed link.
BY_LINK = (CONSENT_SIGNED, CONSENT_REQUEST_READ)
UNKNOWN = "used {your} record"


@dataclass(slots=True)
class LoggedAction:
    """What one person did on one day, and how often apart; `why` is set for an emergency.

    `last_at` is when it last happened, also when that was so soon that it does not count again.
    """

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


class Act(NamedTuple):
    """What of an audit row is told."""

    created_at: datetime
    actor_id: UUID | None
    grant_id: UUID | None
    action: str
    target_type: str
    target_id: UUID | None

    @property
    def who(self) -> tuple[UUID | None, bool]:
        """The person, and whether only a link made them known."""
        return self.actor_id, self.action in BY_LINK

    @property
    def thing(self) -> tuple[Any, ...]:
        """What has to be equal for an act to repeat an earlier one."""
        known = audit_actions.find(self.action)
        words = known.label if known else self.action  # a page and the API may have an action each
        by = (timezone.localdate(self.created_at), self.actor_id, self.grant_id)
        return (*by, words, self.target_type, self.target_id)


def in_words(action: str, day: str = "", *, to_patient: bool) -> str:
    """Plain words for an audit action, with the day of the session that it was about."""
    known = audit_actions.find(action)
    if known is None:
        return UNKNOWN.format(your="your" if to_patient else "the")
    return known.told(day, to_patient=to_patient)


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
        rows = until(rows, before - ONE_DAY)
    latest = rows.values_list("created_at", flat=True).first()
    if latest is None:
        return AccessLog([], None)
    first_day, acts = _page(rows, timezone.localdate(latest))
    has_more = until(rows, first_day - ONE_DAY).exists()
    return AccessLog(_days(acts, to_patient=access.is_own), first_day if has_more else None)


def _page(rows: QuerySet[AuditEvent], last_day: date) -> tuple[date, list[Act]]:
    """The first day of the page, and its acts in order of time: full days, at least one."""
    first_day = last_day - timedelta(days=DAYS_A_PAGE - 1)
    acts = _acts(since(rows, first_day)[: ROWS_A_PAGE + 1])
    if len(acts) > ROWS_A_PAGE:
        first_day = min(timezone.localdate(acts[0].created_at) + ONE_DAY, last_day)
        acts = _acts(since(rows, first_day))
    return first_day, acts


def _acts(rows: QuerySet[AuditEvent]) -> list[Act]:
    return sorted(map(Act._make, rows.values_list(*Act._fields)), key=attrgetter("created_at"))


def _rows(patient: User) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.filter(patient_id=patient.pk, outcome=AuditEvent.Outcome.OK)
    rows = rows.exclude(action__in=audit_actions.unlogged())
    return rows.exclude(action__in=audit_actions.reads(), actor=patient.pk).order_by("-id")


def _days(acts: Sequence[Act], *, to_patient: bool) -> list[Day]:
    """Days, people and what they did, each latest first; `acts` are in order of time."""
    people = User.objects.in_bulk({act.actor_id for act in acts if act.actor_id})
    reasons = _reasons({act.grant_id for act in acts if act.grant_id})
    session_days = _session_days(acts)
    logged: dict[date, dict[Any, dict[tuple[str, str], LoggedAction]]] = defaultdict(lambda: defaultdict(dict))
    for act, counts in _counted(acts):
        what = in_words(act.action, session_days.get(act.target_id, ""), to_patient=to_patient)
        why = reasons.get(act.grant_id, "")
        of_person = logged[timezone.localdate(act.created_at)][act.who]
        line = of_person.setdefault((what, why), LoggedAction(what, why, 0, act.created_at, act.created_at))
        line.times += counts
        line.last_at = act.created_at
    return [Day(day, _visits(logged[day], people)) for day in sorted(logged, reverse=True)]


def _counted(acts: Iterable[Act]) -> Iterable[tuple[Act, bool]]:
    """Each act, and whether it counts: not if it repeats one that did, on the same day and within its `once_in`."""
    counted: dict[tuple[Any, ...], datetime] = {}
    for act in acts:
        known = audit_actions.find(act.action)
        last = counted.get(act.thing)
        counts = not known or last is None or act.created_at - last >= known.once_in
        if counts:
            counted[act.thing] = act.created_at
        yield act, counts


def _session_days(acts: Iterable[Act]) -> dict[UUID | None, str]:
    """The days of the sessions that the targets belong to, in words: one query for each type of target."""
    by_type: dict[str, set[UUID]] = defaultdict(set)
    for act in acts:
        if act.target_id:
            by_type[act.target_type].add(act.target_id)
    found = [audit_actions.days_of(target_type, ids) for target_type, ids in by_type.items()]
    return {pk: dates.day(at) for moments in found for pk, at in moments.items()}


def _reasons(grant_ids: set[UUID]) -> dict[UUID | None, str]:
    if not grant_ids:
        return {}
    grants = BreakGlassGrant.objects.filter(pk__in=grant_ids).values_list("pk", "reason")
    return {pk: f"Emergency access: {BreakGlassGrant.Reason(reason).label}" for pk, reason in grants}


def _visits(
    logged: Mapping[tuple[UUID | None, bool], Mapping[Any, LoggedAction]], people: Mapping[UUID, User]
) -> list[Visit]:
    def latest(visit: Visit) -> datetime:
        return visit.actions[0].last_at

    visits = [
        Visit(*_named(*who, people), sorted(lines.values(), key=lambda line: line.last_at, reverse=True))
        for who, lines in logged.items()
    ]
    return sorted(visits, key=latest, reverse=True)


def _named(actor_id: UUID | None, is_link: bool, people: Mapping[UUID, User]) -> tuple[str, str]:
    if actor_id is None:
        return ("Someone with the link", "By e-mail") if is_link else ("TherapyBridge", "Automatic")
    person = people.get(actor_id)
    return (person.full_name, person.get_role_display()) if person else ("Someone who has left", "")


def _lists_under(grant: BreakGlassGrant) -> Q:
    """A list is of no one patient: its rows are found by who read it and when, which an index serves."""
    ids = (first_id_at(grant.started_at - SLACK), first_id_at(grant.expires_at + SLACK))
    among_others = Q(grant_id=grant.pk) | Q(reason__contains=str(grant.pk))  # read under several
    return Q(actor=grant.therapist_id, patient_id=None, pk__gte=ids[0], pk__lt=ids[1]) & among_others


def opened_under(grant: BreakGlassGrant) -> Iterable[dict[str, Any]]:
    """What an emergency access was used for, by the audit trail: words, outcome, count, first and last time."""
    used = Q(patient_id=grant.patient_id, grant_id=grant.pk) | _lists_under(grant)
    rows = AuditEvent.objects.filter(used)
    grouped = (
        rows.exclude(action__startswith="emergency.")
        .order_by()
        .values("action", "outcome")
        .annotate(times=Count("id"), rows=Count("target_id", distinct=True))
        .annotate(first_at=Min("created_at"), last_at=Max("created_at"))
    )
    lines = sorted(grouped, key=lambda line: line["first_at"])
    return [line | {"what": in_words(line["action"], to_patient=False)} for line in lines]
