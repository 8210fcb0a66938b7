"""Changes that somebody with full rights in the database could make; each says where it must be found."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from audit.models import NO_CLINIC, AuditChain, AuditEvent, AuditLink
from audit.services.chain import first_id_at


@dataclass
class Expected:
    """Where the change was made: any of these has to be named."""

    clinics: set[UUID] = field(default_factory=set)
    positions: set[int] = field(default_factory=set)
    events: set[UUID] = field(default_factory=set)
    needs_checkpoint: bool = False


def run(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def key(value: UUID | None) -> Any:
    field_ = AuditEvent._meta.get_field("id")
    return None if value is None else field_.get_db_prep_value(value, connection)


def moment(value: Any) -> Any:
    return AuditEvent._meta.get_field("created_at").get_db_prep_value(value, connection)


def some_link(chance: random.Random) -> AuditLink:
    return chance.choice(list(AuditLink.objects.order_by("clinic_id", "position")))


def at(*links: AuditLink) -> Expected:
    return Expected(
        {link.clinic_id for link in links}, {link.position for link in links}, {link.event_id for link in links}
    )


NEW_VALUES: dict[str, Callable[[random.Random, AuditEvent], Any]] = {
    "id": lambda chance, event: key(uuid4()),
    "created_at": lambda chance, event: moment(event.created_at + timedelta(microseconds=chance.choice([-1, 1]))),
    "clinic_id": lambda chance, event: key(uuid4()),
    "actor_id": lambda chance, event: key(uuid4()),
    "action": lambda chance, event: event.action + "x",
    "target_type": lambda chance, event: event.target_type + "x",
    "target_id": lambda chance, event: key(uuid4()),
    "patient_id": lambda chance, event: key(uuid4()),
    "ids": lambda chance, event: "[]" if event.ids else '["x"]',
    "grant_id": lambda chance, event: key(uuid4()),
    "outcome": lambda chance, event: "failed" if event.outcome == "ok" else "ok",
    "reason": lambda chance, event: event.reason + " ",
    "request_id": lambda chance, event: event.request_id + "x",
    "ip": lambda chance, event: "198.51.100.7",
    "user_agent": lambda chance, event: event.user_agent + "x",
    "changed": lambda chance, event: '["last_name"]',
    "preceding": lambda chance, event: '["x"]',
}


def edit_event(chance: random.Random, column: str = "") -> Expected:
    link = some_link(chance)
    event = AuditEvent.objects.get(pk=link.event_id)
    column = column or chance.choice(sorted(NEW_VALUES))
    run(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", NEW_VALUES[column](chance, event), key(event.pk))
    return at(link)


def delete_event(chance: random.Random) -> Expected:
    link = some_link(chance)
    run("DELETE FROM audit_auditevent WHERE id = %s", key(link.event_id))
    return at(link)


def delete_link(chance: random.Random) -> Expected:
    link = some_link(chance)
    run("DELETE FROM audit_auditlink WHERE event_id = %s", key(link.event_id))
    return at(link)


def delete_both(chance: random.Random) -> Expected:
    link = some_link(chance)
    run("DELETE FROM audit_auditevent WHERE id = %s", key(link.event_id))
    run("DELETE FROM audit_auditlink WHERE event_id = %s", key(link.event_id))
    return at(link)


def insert_event(chance: random.Random, then: Any = None) -> Expected:
    like = AuditEvent.objects.get(pk=some_link(chance).event_id)
    then = then or timezone.now() - timedelta(hours=chance.randint(1, 5000))
    forged = UUID(int=first_id_at(then).int + chance.getrandbits(60))
    columns = [name.column for name in AuditEvent._meta.concrete_fields if name.column not in {"id", "created_at"}]
    names = ", ".join(columns)
    run(
        f"INSERT INTO audit_auditevent (id, created_at, {names})"
        f" SELECT %s, %s, {names} FROM audit_auditevent WHERE id = %s",
        key(forged),
        moment(then),
        key(like.pk),
    )
    return Expected({like.clinic_id or NO_CLINIC}, set(), {forged})


def insert_both(chance: random.Random) -> Expected:
    where = insert_event(chance, timezone.now())
    [clinic], [event] = where.clinics, where.events
    chain = AuditChain.objects.get(pk=clinic)
    code = f"{chance.getrandbits(256):064x}"
    run(
        "INSERT INTO audit_auditlink (event_id, clinic_id, position, version, row_mac, chain_mac, sealed_at)"
        " VALUES (%s, %s, %s, 1, %s, %s, %s)",
        *(key(event), key(clinic), chain.length + 1, code, code, moment(timezone.now())),
    )
    if chance.random() < 0.5:
        run("UPDATE audit_auditchain SET length = length + 1, head = %s WHERE clinic_id = %s", code, key(clinic))
    return where


def insert_between(chance: random.Random) -> Expected:
    """Everything behind moves on by one."""
    where = insert_event(chance, timezone.now())
    [clinic], [event] = where.clinics, where.events
    position = chance.randint(1, AuditChain.objects.get(pk=clinic).length)
    # In two steps, because of the unique index.
    move = "UPDATE audit_auditlink SET position = position + %s WHERE clinic_id = %s AND position >= %s"
    run(move, 1_000_000, key(clinic), position)
    run(move, -999_999, key(clinic), 1_000_000)
    code = f"{chance.getrandbits(256):064x}"
    run(
        "INSERT INTO audit_auditlink (event_id, clinic_id, position, version, row_mac, chain_mac, sealed_at)"
        " VALUES (%s, %s, %s, 1, %s, %s, %s)",
        *(key(event), key(clinic), position, code, code, moment(timezone.now())),
    )
    return Expected({clinic}, {position}, {event})


def reorder(chance: random.Random) -> Expected:
    """Two links of a chain exchange their positions, or their events, or their events' contents."""
    one = some_link(chance)
    others = AuditLink.objects.filter(clinic_id=one.clinic_id).exclude(pk=one.pk).order_by("position")
    other = chance.choice(list(others))
    if chance.random() < 0.5:
        move = "UPDATE audit_auditlink SET position = %s WHERE event_id = %s"
        run(move, 1_000_000, key(one.pk))
        run(move, one.position, key(other.pk))
        run(move, other.position, key(one.pk))
    else:
        rename = "UPDATE audit_auditlink SET event_id = %s WHERE clinic_id = %s AND position = %s"
        for event, position in ((uuid4(), one.position), (one.pk, other.position), (other.pk, one.position)):
            run(rename, key(event), key(one.clinic_id), position)
    return at(one, other)


def swap_clinic(chance: random.Random) -> Expected:
    """An event moves to another clinic, alone or with its link."""
    link = some_link(chance)
    other = chance.choice(list(AuditChain.objects.exclude(pk=link.clinic_id).exclude(pk=NO_CLINIC).order_by("pk")))
    run("UPDATE audit_auditevent SET clinic_id = %s WHERE id = %s", key(other.pk), key(link.event_id))
    where = at(link)
    if chance.random() < 0.5:
        run(
            "UPDATE audit_auditlink SET clinic_id = %s, position = %s WHERE event_id = %s",
            *(key(other.pk), other.length + 1, key(link.event_id)),
        )
        where.clinics.add(other.pk)
    return where


def forge_link(chance: random.Random) -> Expected:
    link = some_link(chance)
    code = f"{chance.getrandbits(256):064x}"
    column = chance.choice(["row_mac", "chain_mac", "sealed_at", "version", "both"])
    value = {"sealed_at": moment(link.sealed_at + timedelta(seconds=1)), "version": 1}.get(column, code)
    names = ["row_mac", "chain_mac"] if column == "both" else [column]
    for name in names:
        run(f"UPDATE audit_auditlink SET {name} = %s WHERE event_id = %s", value, key(link.pk))
    return at(link)


def truncate(chance: random.Random) -> Expected:
    """The end of a chain goes, with its events, and the chain's row says that it was never there."""
    link = some_link(chance)
    before = AuditLink.objects.filter(clinic_id=link.clinic_id, position=link.position - 1).first()
    gone = "clinic_id = %s AND position >= %s"
    params = (key(link.clinic_id), link.position)
    run(f"DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditlink WHERE {gone})", *params)
    run(f"DELETE FROM audit_auditlink WHERE {gone}", *params)
    head = before.chain_mac if before else "0" * 64
    run(
        "UPDATE audit_auditchain SET length = %s, head = %s WHERE clinic_id = %s",
        *(link.position - 1, head, key(link.clinic_id)),
    )
    return Expected({link.clinic_id}, {link.position}, set(), needs_checkpoint=True)


def forget_chain(chance: random.Random) -> Expected:
    """A clinic's trail goes as a whole."""
    clinic = some_link(chance).clinic_id
    events = "DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditlink WHERE clinic_id = %s)"
    for sql in (events, *(f"DELETE FROM audit_audit{name} WHERE clinic_id = %s" for name in ("link", "chain"))):
        run(sql, key(clinic))
    return Expected({clinic}, {1}, set(), needs_checkpoint=True)


def pretend_retention(chance: random.Random) -> Expected:
    """The beginning goes, and the chain's row says that retention took it."""
    link = some_link(chance)
    gone = "clinic_id = %s AND position <= %s"
    params = (key(link.clinic_id), link.position)
    run(f"DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditlink WHERE {gone})", *params)
    run(f"DELETE FROM audit_auditlink WHERE {gone}", *params)
    run(
        "UPDATE audit_auditchain SET base = %s, base_mac = %s WHERE clinic_id = %s",
        *(link.position, link.chain_mac, key(link.clinic_id)),
    )
    return Expected({link.clinic_id}, {link.position}, set())


ALL = [
    edit_event,
    edit_event,
    edit_event,
    delete_event,
    delete_link,
    delete_both,
    insert_event,
    insert_both,
    insert_between,
    reorder,
    swap_clinic,
    forge_link,
    truncate,
    forget_chain,
    pretend_retention,
]


# These really move or remove many links.
MOVING = [insert_between, pretend_retention]
