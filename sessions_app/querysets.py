"""Querysets for sessions and their parts; access follows the patient's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.identity.querysets import care_exists, holds_name
from accounts.models import User
from sessions_app.signals import sessions_renumbered
from therapybridge.core.changes import latest_of
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from sessions_app.models import TherapySession


# Sessions that have a number.
COUNTED = Q(deleted_at=None) & ~Q(status="failed")
# What a session waits for a therapist to do, by the name of its chip. The menu's count, the list's chips and Today are
# all made of these.
WAITING = {
    "speakers": Q(job__stage="speakers"),
    "to_review": Q(status="processed", summary__status="draft"),
    "failed": Q(status="failed"),
    "empty": Q(status="pending", job=None),
}

# What a session shows as `updated_at`: it also shows the progress of its job, its recording, and whether its summary is
# shared.
SHOWN_PARTS = ("job", "recording", "summary")
LAST_CHANGE = latest_of(*SHOWN_PARTS)


class SessionQuerySet(BaseQuerySet["TherapySession"]):
    """Queries on therapy sessions."""

    model: type[TherapySession]

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Undeleted sessions of patients whom a therapist may see; patients read their timeline instead."""
        if isinstance(user, AnonymousUser) or not user.is_therapist:
            return self.none()
        return self._kept_in(user.clinic_id).filter(User.objects.patients_visible_to(user).holding())

    def _kept_in(self, clinic: UUID | None) -> Self:
        """Undeleted sessions of patients of a clinic, which is these patients' own: naming the session's lets the
        database read the index of the list's order.
        """
        return self.filter(deleted_at=None, clinic=clinic)

    def with_write_access(self, user: User | AnonymousUser) -> Self:
        """Annotate `is_writable`: whether `user` treats the patient and so may change the record."""
        return self.annotate(is_writable=care_exists(user, "patient_id"))

    def counted(self) -> Self:
        """Sessions with a number: neither failed nor deleted."""
        return self.filter(COUNTED)

    def running(self) -> Self:
        """Sessions that are being processed or queued."""
        return self.filter(job__stage__in=["check", "transcribe", "assemble", "extract", "recheck", "finish"])

    def treated_by(self, user: User) -> Self:
        """Sessions of patients whom the therapist treats now, not those opened through emergency access."""
        return self.filter(User.objects.patients_treated_by(user).holding())

    def waiting_for(self, user: User, kinds: Iterable[str] = tuple(WAITING)) -> Self:
        """Sessions in any of these states of WAITING; what only emergency access opens waits for others."""
        # Each state has an index of its own, which an OR would not read; little waits at any time.
        kept = self.model._default_manager.all()._kept_in(user.clinic_id).order_by()
        first, *others = (kept.filter(WAITING[kind]).values("pk") for kind in kinds)
        return self.treated_by(user).filter(pk__in=first.union(*others))

    def waiting_as(self, kind: str, user: User) -> Self:
        """Those of `waiting_for` that are in this state."""
        return self._kept_in(user.clinic_id).treated_by(user).filter(WAITING[kind])

    def changed_since(self, moment: Any, clinic: UUID | None) -> Self:
        """Those of the clinic whose LAST_CHANGE was at this moment or later.

        Each part's changes have an index, which the latest of all of them could not read: mostly little has changed.
        """
        kept = self.model._default_manager.all()._kept_in(clinic).order_by()
        names = ["updated_at__gte", *(f"{part}__updated_at__gte" for part in SHOWN_PARTS)]
        first, *others = (kept.filter(**{name: moment}).values("pk") for name in names)
        return self.filter(pk__in=first.union(*others))

    def with_next_acts(self, user: User) -> Self:
        """Annotate `sharing`, `note_to_sign` (if it waits for this user) and `risk_review` (an open one)."""
        notes, reviews = _part("SessionNote").objects, _part("RiskReview").objects
        return self.with_sharing().annotate(
            note_to_sign=Coalesce(_of_session(notes.to_sign(user)), _of_session(notes.to_cosign(user))),
            risk_review=_of_session(reviews.unresolved()),
        )

    def to_sign(self, user: User) -> Self:
        """Sessions whose note waits for the therapist's signature."""
        return self.filter(pk__in=_part("SessionNote").objects.waiting_for(user).order_by().values("session"))

    def at_risk(self) -> Self:
        """Sessions with an open risk review."""
        return self.filter(pk__in=_part("RiskReview").objects.unresolved().order_by().values("session"))

    def shared(self) -> Self:
        """Sessions whose summary the patient can read."""
        return self.filter(summary__status="shared")

    def kept_back(self) -> Self:
        """Sessions whose summary was declined or withdrawn."""
        return self.filter(summary__status__in=["declined", "withdrawn"])

    def with_sharing(self) -> Self:
        """What the chip of a session in a list tells: its job, and `sharing`, the status of the summary or None."""
        return self.annotate(sharing=F("summary__status")).select_related("job")

    def named(self, words: str) -> Self:
        """Sessions of patients whose name contains each of the words, ignoring case."""
        return self.filter(holds_name(words, "patient__"))

    def in_order(self) -> Self:
        """Newest first."""
        return self.order_by("-session_date", "-id")

    def renumber(self, patient_id: UUID) -> dict[UUID, int]:
        """Number the patient's counted sessions 1…n by date; others get none. Returns the numbers by id.

        Call it with the patient's row locked, so that there are no gaps or duplicates.
        """
        rows = self.model._default_manager.filter(patient=patient_id)
        found = rows.annotate(counts=COUNTED).order_by("session_date", "id").values_list("pk", "number", "counts")
        before = {pk: old for pk, old, _ in found}
        due = {pk: number for number, pk in enumerate((pk for pk, _, counts in found if counts), start=1)}
        moved = {pk: due.get(pk) for pk, old in before.items() if due.get(pk) != old}
        if not moved:
            return due
        # Numbers are unique: clear first, then set.
        if any(before[pk] for pk in moved):
            rows.filter(pk__in=moved).update(number=None)
        for pk, number in moved.items():
            if number:
                rows.filter(pk=pk).update(number=number)
        transaction.on_commit(lambda: sessions_renumbered.send_robust(self.model, patient_id=patient_id), robust=True)
        return due


def _part(name: str) -> Any:
    return apps.get_model("sessions_app", name)


def _of_session(parts: QuerySet[Any]) -> Subquery:
    """The key of the one among these that belongs to a row of sessions."""
    return Subquery(parts.filter(session=OuterRef("pk")).order_by().values("pk")[:1])


class PartQuerySet(BaseQuerySet[Any]):
    """Queries on models with a field named `session`."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Parts of the sessions that `user` may see."""
        return self.filter(session__in=_part("TherapySession").objects.visible_to(user))
