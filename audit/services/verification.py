"""The verifier: walks a chain and its events in constant memory and reports every difference.

A wrong MAC is reported only once: the walk continues from what the next link was computed over, so that one change is
one finding and not the rest of the chain. It cannot detect a plausible event inserted with the current time, which is
chained like any other; a truncated chain whose row was adjusted too is detected only with a checkpoint.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain as joined
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.models import GENESIS, NO_CLINIC, AuditChain, AuditEvent, AuditLink, AuditTombstone
from audit.services.chain import read_event
from audit.services.signing import chain_mac, row_mac, tombstone_mac

CHUNK = 1000
TOLERANCE = timedelta(minutes=15)
KEPT_FOR = timedelta(days=6 * 360)  # retention removes what is six years old, and others name it some time later
Chunk = list[tuple[AuditLink, AuditEvent | None]]
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
_attested: "list[Callable[[], Iterator[Finding]]]" = []


@dataclass(frozen=True)
class Finding:
    """A problem and its place. `position` is None for unchained events, `event_id` for missing ones."""

    clinic: UUID
    position: int | None
    event_id: UUID | None
    kind: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON; the chain of events without a clinic is called "system"."""
        return asdict(self) | {"clinic": name_of(self.clinic)}


@dataclass
class Report:
    """The result for one clinic. `pending` events are too young to be findings; `removed` is the chain's base."""

    clinic: UUID
    length: int = 0
    head: str = GENESIS
    pending: int = 0
    removed: int = 0
    removed_at: datetime | None = None
    findings: list[Finding] = field(default_factory=list)


def name_of(clinic: UUID) -> str:
    """The chain's name in output."""
    return "system" if clinic == NO_CLINIC else str(clinic)


def clinics() -> Iterator[UUID]:
    """Every clinic that has a chain, a link or an event."""
    found = set(AuditChain.objects.values_list("pk", flat=True))
    for rows in (AuditLink.objects.all(), AuditEvent.objects.all()):
        found |= {clinic or NO_CLINIC for clinic in rows.order_by().values_list("clinic_id", flat=True).distinct()}
    yield from sorted(found)


def declare_attested(altered: Callable[[], Iterator[Finding]]) -> None:
    """Let the verifier find rows of another app that are not as the trail has them."""
    _attested.append(altered)


def alterations() -> dict[UUID, list[Finding]]:
    """The findings of other apps, by clinic."""
    found: dict[UUID, list[Finding]] = defaultdict(list)
    for finding in joined.from_iterable(altered() for altered in _attested):
        found[finding.clinic].append(finding)
    return found


def verify(clinic: UUID, checkpoint: Mapping[str, Any] | None = None) -> Report:
    """Verify one clinic's trail; `checkpoint` is its entry in an exported checkpoint."""
    walk = _Walk(clinic, checkpoint)
    walk.run()
    walk.look_for_unchained()
    return walk.report


class _Walk:
    """The state of one walk: its position, and the MACs that the next link may have been computed over."""

    def __init__(self, clinic: UUID, checkpoint: Mapping[str, Any] | None) -> None:
        self.clinic = clinic
        self.checkpoint = checkpoint
        self.report = Report(clinic)
        self.position = 0
        self.heads: set[str] | None = {GENESIS}
        self.newest = LONG_AGO

    def run(self) -> None:
        """Walk from the base to the end, including links added in the meantime."""
        chain = self._chain()
        self._stand_on_base(chain)
        self._meet_checkpoint()
        reached = -1
        while True:
            for chunk in _links(self.clinic, reached):
                for link, event in chunk:
                    reached = link.position
                    self._step(link, event)
                self._miss(chunk)
            chain = self._chain()
            if not AuditLink.objects.filter(clinic_id=self.clinic, position__gt=reached).exists():
                break
        self._end(chain)

    def _chain(self) -> AuditChain:
        return AuditChain.objects.filter(pk=self.clinic).first() or AuditChain(clinic_id=self.clinic)

    def _found(self, kind: str, position: int | None, event_id: UUID | None = None) -> None:
        self.report.findings.append(Finding(self.clinic, position, event_id, kind))

    def _stand_on_base(self, chain: AuditChain) -> None:
        """Check that signed tombstones cover everything up to the base, without a gap."""
        last, code = 0, GENESIS
        for stone in AuditTombstone.objects.filter(clinic_id=self.clinic).order_by("first"):
            if stone.first != last + 1 or stone.signature != tombstone_mac(stone):
                self._found("tombstone_forged", stone.first)
            last, code = stone.last, stone.chain_mac
            self.report.removed, self.report.removed_at = stone.last, stone.removed_at
        if (chain.base, chain.base_mac) != (last, code):
            self._found("base_forged", chain.base)
        self.position, self.heads = last, {code}

    def _step(self, link: AuditLink, event: AuditEvent | None) -> None:
        if link.position <= self.position:
            self._found("link_forged", link.position, link.event_id)
            return
        if link.position != self.position + 1:
            self._gap(link.position - 1)
        self._judge(link, event)
        self.position = link.position
        self._meet_checkpoint()

    def _gap(self, last: int) -> None:
        for position in range(self.position + 1, min(last, self.position + CHUNK) + 1):
            self._found("link_deleted", position)
        self.heads = None  # nothing to compare the next link with

    def _judge(self, link: AuditLink, event: AuditEvent | None) -> None:
        code = row_mac(event, link.version) if event else ""
        made = {chain_mac(head, link) for head in self.heads} if self.heads is not None else {link.chain_mac}
        is_chained = link.chain_mac in made
        kind = self._kind(link, event, is_chained=is_chained, is_row=code == link.row_mac)
        if kind:
            self._found(kind, link.position, link.event_id)
        if event:
            self._judge_time(link, event)
        self.heads = {link.chain_mac} if is_chained else {link.chain_mac} | made | self._had_been(link, code)
        self.report.head = link.chain_mac

    def _kind(self, link: AuditLink, event: AuditEvent | None, *, is_chained: bool, is_row: bool) -> str:
        if event is None:
            return "event_deleted" if is_chained else "link_forged"
        if (event.clinic_id or NO_CLINIC) != self.clinic:
            return "clinic_swapped"
        if not is_row:
            return "event_edited" if is_chained else "link_forged"
        return "" if is_chained else "link_misplaced"

    def _had_been(self, link: AuditLink, code: str) -> set[str]:
        """The chain's MAC at this position, assuming that only the link's `row_mac` was changed."""
        honest = AuditLink(position=link.position, clinic_id=link.clinic_id, version=link.version, row_mac=code)
        honest.sealed_at = link.sealed_at
        return {chain_mac(head, honest) for head in self.heads or ()}

    def _judge_time(self, link: AuditLink, event: AuditEvent) -> None:
        """Report an event much older than its predecessor: it cannot have existed when that one was chained."""
        said = event.created_at or LONG_AGO  # SQLite returns None for an invalid timestamp
        if said < self.newest - TOLERANCE:
            self._found("slipped_in", link.position, event.pk)
        self.newest = max(self.newest, min(said, link.sealed_at))

    def _miss(self, chunk: Chunk) -> None:
        """Report events that others name and that neither are there nor ever were chained."""
        named = {one: link for link, event in chunk if event for one in self._named(event)}
        for rows, key in ((AuditEvent.objects.all(), "pk"), (AuditLink.objects.all(), "event_id")):
            for known in rows.filter(**{f"{key}__in": list(named)}).values_list(key, flat=True):
                named.pop(known, None)
        for missing, link in named.items():
            self._found("unchained_deleted", link.position, missing)

    def _named(self, event: AuditEvent) -> list[UUID]:
        """What `preceding` names, unless retention may have removed it; none if something else was written there,
        which is found as an edit.
        """
        try:
            named = [UUID(one) for one in event.preceding or ()]
        except (ValueError, TypeError, AttributeError):
            return []
        return named if named and (event.created_at or LONG_AGO) >= self._kept_since else []

    @cached_property
    def _kept_since(self) -> datetime:
        """Whoever was named by an event of this moment or later is kept still."""
        last = AuditTombstone.objects.order_by("-removed_at").values_list("removed_at", flat=True).first()
        return last - KEPT_FOR if last else LONG_AGO

    def _meet_checkpoint(self) -> None:
        point = self.checkpoint
        if point and point["length"] == self.position and self.heads is not None and point["head"] not in self.heads:
            self._found("checkpoint_differs", self.position)

    def _end(self, chain: AuditChain) -> None:
        """Compare the end with the chain's row and the checkpoint."""
        self.report.length = self.position
        if (
            self.checkpoint and self.checkpoint["length"] > max(self.position, chain.length)
        ) or chain.length > self.position:
            self._found("truncated", self.position + 1)
        elif chain.length < self.position or (self.heads is not None and chain.head not in self.heads):
            self._found("chain_altered", self.position)

    def look_for_unchained(self) -> None:
        """Find unchained events: young ones wait for the chain builder, old ones were missed or inserted."""
        unchained = AuditEvent.objects.of_chain(self.clinic).unchained()
        last: UUID | None = None
        while keys := list((unchained.filter(pk__gt=last) if last else unchained).values_list("pk", flat=True)[:CHUNK]):
            events = _events(keys)
            for key in keys:
                self._judge_unchained(key, events.get(key))
            last = keys[-1]

    def _judge_unchained(self, key: UUID, event: AuditEvent | None) -> None:
        if event is None or (event.created_at or LONG_AGO) < self.newest - TOLERANCE:
            self._found("slipped_in", None, key)
        elif event.created_at < timezone.now() - TOLERANCE:
            self._found("not_chained", None, key)
        else:
            self.report.pending += 1


def _links(clinic: UUID, after: int) -> Iterator[Chunk]:
    """Yield links in order with their events, in chunks."""
    while chunk := list(AuditLink.objects.filter(clinic_id=clinic, position__gt=after).order_by("position")[:CHUNK]):
        events = _events([link.event_id for link in chunk])
        yield [(link, events.get(link.event_id)) for link in chunk]
        after = chunk[-1].position


def _events(keys: list[UUID]) -> dict[UUID, AuditEvent]:
    """Load the events that parse; SQLite stores anything in a column."""
    try:
        return {event.pk: event for event in AuditEvent.objects.filter(pk__in=keys)}
    except (ValueError, TypeError, AttributeError):
        return {key: event for key in keys if (event := read_event(key))}
