"""The chain builder: chains new events in the background, so that no request waits for a lock.

A batch is one transaction over the chains it touches, in the order of ids. Events committed late are picked up for
LATE; even later ones by the pass over everything, and the verifier reports them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.models import NO_CLINIC, AuditChain, AuditEvent, AuditEventQuerySet, AuditLink
from audit.services.signing import VERSION, chain_mac, row_mac
from therapybridge.core.models import uuid7

BATCH = 500
MOST_COUNTED = 10_000
LATE = timedelta(minutes=5)
LOOKED_WITHIN = timedelta(minutes=1)
TIME_SHIFT = 80  # the upper 48 bits of a uuid7 are milliseconds since 1970


def build_chain(*, everything: bool = False) -> int:
    """Chain waiting events in batches; returns how many. `everything` also searches where none should be left."""
    chained = 0
    while waiting := _waiting(everything=everything):
        done = _chain_batch(waiting)
        chained += done
        if not done:
            break
    return chained


class Watch:
    """Chains what comes, as `build_chain` does, by one query when nothing came.

    Where the chain ends is asked only if it has not looked for a minute: else all that is older was looked through.
    """

    def __init__(self) -> None:
        self._looked = -inf  # seconds of the process's own clock

    def build_chain(self) -> int:
        """Chain waiting events; returns how many."""
        now = monotonic()
        is_recent = now - self._looked < LOOKED_WITHIN.total_seconds()
        chained = 0 if is_recent and not _came_lately() else build_chain()
        self._looked = now
        return chained


def _came_lately() -> bool:
    since = first_id_at(timezone.now() - LATE - LOOKED_WITHIN)
    return bool(AuditEvent.objects.unchained().filter(pk__gte=since).exists())


def unsealed_since() -> datetime | None:
    """When the oldest event happened that waits to be chained; None if none does."""
    waiting = _waiting(everything=False)
    return waiting[0].created_at if waiting else None


def unsealed_count() -> int:
    """How many events wait to be chained, up to MOST_COUNTED."""
    return _unchained(everything=False)[:MOST_COUNTED].count()


def first_id_at(moment: datetime) -> UUID:
    """The smallest uuid7 that can be created at or after `moment`."""
    return _first_id(int(moment.timestamp() * 1000))


def _first_id(milliseconds: int) -> UUID:
    return UUID(int=max(milliseconds, 0) << TIME_SHIFT)


def _waiting(*, everything: bool) -> list[AuditEvent]:
    return _readable(_unchained(everything=everything))


def _unchained(*, everything: bool) -> AuditEventQuerySet:
    rows: AuditEventQuerySet = AuditEvent.objects.unchained()
    newest = None if everything else AuditLink.objects.order_by("-event_id").values_list("event_id", flat=True).first()
    if newest is not None:
        # A forged id from the future must not hide events written today.
        reached = min(newest.int, uuid7().int) >> TIME_SHIFT
        rows = rows.filter(pk__gte=_first_id(reached - int(LATE.total_seconds() * 1000)))
    return rows


def _readable(rows: AuditEventQuerySet) -> list[AuditEvent]:
    """Skip rows that do not parse: SQLite stores anything in a column, and such a row must not stop the others."""
    try:
        return list(rows[:BATCH])
    except (ValueError, TypeError, AttributeError):
        found = (read_event(pk) for pk in rows.values_list("pk", flat=True)[:BATCH])
        return [event for event in found if event is not None]


def read_event(pk: UUID) -> AuditEvent | None:
    """The event; None if it is missing or does not parse."""
    try:
        event: AuditEvent | None = AuditEvent.objects.filter(pk=pk).first()
    except (ValueError, TypeError, AttributeError):
        return None
    return event


def _chain_batch(waiting: list[AuditEvent]) -> int:
    codes = {event.pk: code for event in waiting if (code := row_mac(event))}
    with transaction.atomic():
        chains = _locked({event.clinic_id or NO_CLINIC for event in waiting})
        # Another chain builder may have chained events while this one waited for the lock.
        taken = AuditLink.objects.filter(event_id__in=[event.pk for event in waiting])
        known = set(taken.values_list("event_id", flat=True))
        now = timezone.now()
        fresh = [event for event in waiting if event.pk in codes and event.pk not in known]
        links = [_append(chains, event, codes[event.pk], now) for event in fresh]
        AuditLink.objects.bulk_create(links)
        AuditChain.objects.bulk_update(chains.values(), ["length", "head"])
    return len(links)


def _locked(clinics: Iterable[UUID]) -> dict[UUID, AuditChain]:
    """Get or create the chains' rows, locked in a fixed order so that two chain builders never deadlock."""
    wanted = sorted(clinics)
    known = set(AuditChain.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = [AuditChain(clinic_id=clinic) for clinic in wanted if clinic not in known]
    AuditChain.objects.bulk_create(missing, ignore_conflicts=True)
    rows = AuditChain.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {chain.pk: chain for chain in rows}


def _append(chains: dict[UUID, AuditChain], event: AuditEvent, code: str, now: datetime) -> AuditLink:
    chain = chains[event.clinic_id or NO_CLINIC]
    link = AuditLink(
        clinic_id=chain.pk,
        position=chain.length + 1,
        event_id=event.pk,
        version=VERSION,
        row_mac=code,
        sealed_at=now,
    )
    link.chain_mac = chain_mac(chain.head, link)
    chain.length, chain.head = link.position, link.chain_mac
    return link
