"""The library of interventions: the product's entries, from the techniques that notes name, and a clinic's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit.log import record
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES, TechniqueEntry
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, EditConflict, Forbidden, InvalidInput
from treatment.goals.audit_actions import INTERVENTION_CHANGED, INTERVENTION_CREATED, INTERVENTION_RETIRED
from treatment.goals.choices import EvidenceLevel
from treatment.goals.models import Intervention

MAX_NAME, MAX_MODALITY, MAX_DESCRIPTION, MAX_SOURCE = 120, 60, 500, 300  # characters
MAX_ALIASES, MAX_ALIAS = 20, 80  # entries, characters
# What a guideline says of a technique, as a level; what none is known of is not rated.
LEVELS = {
    "recommended": EvidenceLevel.STRONG,
    "component": EvidenceLevel.MODERATE,
    "conditional": EvidenceLevel.MODERATE,
}
SAYS = {
    "recommended": "{}",
    "component": "{} (a treatment that contains it)",
    "conditional": "{} (it may be considered)",
}


def install_library(interventions: type[Intervention]) -> None:
    """Add the product's entries, and bring those up to date that have changed; by the model of a state of migration.

    What is no longer a technique of ours is retired: goals may have it.
    """
    rows = interventions._default_manager
    known = {entry.key: entry for entry in rows.exclude(key="")}
    wanted = {key_of(entry): _columns(entry) for entry in TECHNIQUES}
    for key, columns in wanted.items():
        held = known.get(key)
        if held is None or any(getattr(held, name) != value for name, value in columns.items()):
            rows.update_or_create(key=key, defaults=columns | {"retired_at": None})
    rows.filter(retired_at=None).exclude(key="").exclude(key__in=wanted).update(retired_at=timezone.now())


def key_of(entry: TechniqueEntry) -> str:
    """Its name in lower case with hyphens, by which the row is found again."""
    return re.sub(r"[^a-z0-9]+", "-", entry.name.lower()).strip("-")


def _columns(entry: TechniqueEntry) -> dict[str, Any]:
    evidence = entry.evidence
    return {
        "name": entry.name,
        "modality": entry.modality,
        "description": entry.definition,
        "aliases": list(entry.aliases),
        "evidence_level": str(LEVELS[evidence.level] if evidence else EvidenceLevel.UNKNOWN),
        "evidence_source": SAYS[evidence.level].format(evidence.source) if evidence else "",
    }


def create_intervention(*, by: Actor, **given: Any) -> Intervention:
    """Add an entry of the therapist's clinic; InvalidInput for a name that is taken there or in the product."""
    user: User = by.user
    if user.clinic_id is None:
        raise Forbidden("Your account belongs to no clinic.")
    entry = Intervention(clinic_id=user.clinic_id, changed_by=user, **_checked(given))
    with transaction.atomic():
        _require_new_name(entry)
        _save(entry, force_insert=True)
        record(INTERVENTION_CREATED, entry, by=by)
    return entry


def change_intervention(intervention: Intervention, *, revision: int, by: Actor, **changes: Any) -> Intervention:
    """Change an entry of the clinic, on top of `revision`; goals that have it show it as it is now."""
    with intervention.locked():
        held = _held(intervention, revision)
        given = _checked(changes)
        changed = sorted(name for name, value in given.items() if value != getattr(held, name))
        if changed:
            for name in changed:
                setattr(held, name, given[name])
            held.revision += 1
            held.changed_by = by.user
            _require_new_name(held)
            _save(held, update_fields=[*changed, "revision", "changed_by"])
        record(INTERVENTION_CHANGED, held, by=by, changed=changed)
    return held


def retire_intervention(intervention: Intervention, *, by: Actor) -> Intervention:
    """Offer it no longer; goals that have it keep it. Retiring it again changes nothing."""
    with intervention.locked():
        intervention.refresh_from_db()
        if intervention.retired_at is None:
            intervention.retired_at = timezone.now()
            intervention.revision += 1
            intervention.changed_by = by.user
            intervention.save(update_fields=["retired_at", "revision", "changed_by"])
        record(INTERVENTION_RETIRED, intervention, by=by)
    return intervention


def _held(intervention: Intervention, revision: int) -> Intervention:
    held: Intervention = Intervention.objects.select_related("changed_by").get(pk=intervention.pk)
    if held.revision != revision:
        raise EditConflict(held, "entry")
    if held.retired_at:
        raise Conflict("This intervention was retired.", code="intervention_retired")
    return held


def is_taken(name: str, clinic_id: UUID | None, *, but: Intervention | None = None) -> bool:
    """Whether the product or the clinic offers another entry of this name, in whatever case."""
    named = Intervention.objects.offered().filter(name__iexact=name).exclude(pk=but.pk if but else None)
    return named.filter(Q(clinic=None) | Q(clinic=clinic_id)).exists()


def _require_new_name(entry: Intervention) -> None:
    if is_taken(entry.name, entry.clinic_id, but=entry):
        raise InvalidInput(errors={"name": ["There is an intervention of this name already."]})


def _save(entry: Intervention, **how: Any) -> None:
    """The constraint decides if two people choose one name at once."""
    try:
        with transaction.atomic():
            entry.save(**how)
    except IntegrityError:
        raise InvalidInput(errors={"name": ["There is an intervention of this name already."]}) from None


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(given)
    for name in ("name", "modality", "description", "evidence_source"):
        if name in cleaned:
            cleaned[name] = cleaned[name].strip()
    if not cleaned.get("name", "."):
        raise InvalidInput(errors={"name": ["Give it a name."]})
    if "aliases" in cleaned:
        cleaned["aliases"] = other_names(cleaned["aliases"])
    return cleaned


def other_names(given: Iterable[str]) -> list[str]:
    """Each name once; InvalidInput says which is too long, or that there are too many."""
    names = list(dict.fromkeys(filter(None, (" ".join(name.split()) for name in given))))
    wrong = [f"“{name[:20]}…” has more than {MAX_ALIAS} characters." for name in names if len(name) > MAX_ALIAS]
    if len(names) > MAX_ALIASES:
        wrong.append(f"Give at most {MAX_ALIASES} other names.")
    if wrong:
        raise InvalidInput(errors={"aliases": wrong})
    return names
