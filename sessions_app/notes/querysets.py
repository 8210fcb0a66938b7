"""Querysets for templates and notes; access follows the clinic and the patient."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.care.choices import RelationType
from accounts.care.querysets import PatientOwnedQuerySet
from accounts.identity.querysets import care_exists
from accounts.models import TherapistPatient, User
from sessions_app.notes.choices import LOCKED, AmendmentStatus, NoteStatus, SignatureRole, SummaryStatus
from sessions_app.querysets import PartQuerySet
from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

RESTORABLE = timedelta(days=30)


class TemplateQuerySet(BaseQuerySet[Any]):
    """Queries on note templates."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The product's templates, those shared in a therapist's clinic, and their own."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        shared = Q(clinic=user.clinic_id) & (Q(is_shared=True) | Q(owner=user))
        return self.filter(Q(clinic=None) | shared)

    def in_use(self) -> Self:
        """Templates that new notes may be written with."""
        return self.filter(archived_at=None)

    def with_version(self) -> Self:
        """Annotate `version`, the number of the latest."""
        versions = self.model._meta.apps.get_model("sessions_app", "TemplateVersion")._base_manager
        latest = versions.filter(template=OuterRef("pk")).order_by("-number").values("number")
        return self.annotate(version=Subquery(latest[:1]))

    def with_usage(self, user: User) -> Self:
        """Annotate `usage`: how many undeleted notes of the therapist's clinic were written with it."""
        notes = self.model._meta.apps.get_model("sessions_app", "SessionNote")._base_manager
        used = notes.filter(template_version__template=OuterRef("pk"), clinic=user.clinic_id, deleted_at=None)
        counted = used.order_by().values("template_version__template").annotate(number=Count("pk")).values("number")
        return self.annotate(usage=Coalesce(Subquery(counted), 0))


class NoteQuerySet(BaseQuerySet[Any]):
    """Queries on notes. Deleted ones are seen by nobody; `removed` finds those that can be restored."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Notes on patients whom a therapist may see; patients read what was released to them elsewhere."""
        return self._of_patients_of(user)._kept()

    def _kept(self) -> Self:
        return self.filter(deleted_at=None, session__deleted_at=None)

    def with_write_access(self, user: User | AnonymousUser) -> Self:
        """Annotate `is_writable`: whether `user` treats the patient and so may change the record."""
        return self.annotate(is_writable=care_exists(user, "patient_id"))

    def removed(self, user: User | AnonymousUser) -> Self:
        """Deleted drafts of a therapist."""
        return self._of_patients_of(user).filter(author=user.pk).exclude(deleted_at=None)

    def restorable(self, user: User | AnonymousUser) -> Self:
        """Those that a therapist deleted in the last thirty days, on patients whom they treat now."""
        treated = User.objects.patients_treated_by(user)
        recent = self.removed(user).filter(deleted_at__gt=timezone.now() - RESTORABLE, session__deleted_at=None)
        return recent.filter(patient__in=treated)

    def with_successor(self) -> Self:
        """Annotate `has_successor`: whether the session has got another note, so that this one cannot come back."""
        others = self.model._base_manager.filter(session=OuterRef("session"), deleted_at=None)
        return self.annotate(has_successor=Exists(others))

    def expired(self) -> Self:
        """Deleted drafts that nobody can restore any more."""
        return self.filter(deleted_at__lte=timezone.now() - RESTORABLE)

    def signed(self) -> Self:
        """Notes that nobody may change any more."""
        return self.filter(status__in=LOCKED)

    def signed_on(self, patient: User) -> Self:
        """What the patient may know of: signed notes, each with `withheld_as`, the exception if it is withheld.

        The caller has opened the record. The text of a withheld note is not for the patient.
        """
        signed = self.signed().filter(patient=patient, deleted_at=None, session__deleted_at=None)
        return signed.annotate(withheld_as=Subquery(self._withholdings().values("exception")[:1]))

    def withheld(self) -> Self:
        """Notes that their patients cannot read now, though they are signed."""
        return self.filter(Exists(self._withholdings()))

    def unarchived(self) -> Self:
        """Notes that are not filed away."""
        return self.exclude(status=NoteStatus.ARCHIVED)

    def archived(self) -> Self:
        """Signed notes that are filed away."""
        return self.filter(status=NoteStatus.ARCHIVED)

    def unsigned(self) -> Self:
        """Notes that wait for a signature."""
        return self.filter(status__in=(NoteStatus.DRAFT, NoteStatus.COMPLETED))

    def to_sign(self, user: User) -> Self:
        """Unsigned notes of the therapist on patients whom they treat now."""
        treated = User.objects.patients_treated_by(user).holding()
        return self._kept().unsigned().filter(treated, author=user.pk)

    def to_cosign(self, user: User) -> Self:
        """Notes that others signed since the therapist supervises the treatment, and that no supervisor co-signed."""
        relations = TherapistPatient.objects.active().filter(
            therapist=user.pk, relationship_type=RelationType.SUPERVISOR
        )
        supervised = relations.filter(patient=OuterRef("patient"), started_at__lte=OuterRef("signed_at"))
        signatures = self.model._meta.apps.get_model("sessions_app", "NoteSignature").objects
        cosigned = signatures.filter(note=OuterRef("pk"), role=SignatureRole.SUPERVISOR)
        # By these relations they may see the patients, whom there are few of: no note of others is looked at.
        rows = self._kept().filter(patient__in=relations.values("patient"))
        signed = rows.signed().unarchived().exclude(author=user.pk)
        return signed.filter(Exists(supervised), ~Exists(cosigned))

    def waiting_for(self, user: User) -> Self:
        """All that wait for the therapist's signature, as author or as supervisor."""
        notes: NoteQuerySet = self.model._default_manager.all()
        own, supervised = (rows.order_by().values("pk") for rows in (notes.to_sign(user), notes.to_cosign(user)))
        return self.filter(pk__in=own.union(supervised))

    def _withholdings(self) -> WithholdingQuerySet:
        withholdings = self.model._meta.apps.get_model("sessions_app", "NoteWithholding").objects
        live: WithholdingQuerySet = withholdings.live().filter(note=OuterRef("pk"))
        return live

    def _of_patients_of(self, user: User | AnonymousUser) -> Self:
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return self.filter(User.objects.patients_visible_to(user).holding(), clinic=user.clinic_id)


class SummaryQuerySet(PartQuerySet):
    """Queries on summaries for patients."""

    def shared(self) -> Self:
        """Those that their patients can read."""
        return self.filter(status=SummaryStatus.SHARED)

    def ever_shared(self) -> Self:
        """Those that were shared, withdrawn ones too."""
        return self.filter(status__in=(SummaryStatus.SHARED, SummaryStatus.WITHDRAWN))

    def ever_shared_with(self, patient: User) -> Self:
        """What the patient may know of: shared summaries, and that others were withdrawn, but never their text.

        The caller has opened the record. Summaries of sessions that were deleted or failed are left out.
        """
        sessions = self.model._meta.apps.get_model("sessions_app", "TherapySession").objects
        return self.ever_shared().filter(session__in=sessions.counted().filter(patient=patient))


class SnippetQuerySet(BaseQuerySet[Any]):
    """Queries on text snippets: of their owner alone."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A therapist's own."""
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return self.filter(owner=user)


class NotePartQuerySet(BaseQuerySet[Any]):
    """Queries on models with a field named `note`."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Parts of the notes that `user` may see."""
        notes = self.model._meta.apps.get_model("sessions_app", "SessionNote").objects
        return self.filter(note__in=notes.visible_to(user))


class WithholdingQuerySet(NotePartQuerySet):
    """Queries on withheld notes."""

    def live(self) -> Self:
        """Those that have not been released."""
        return self.filter(released_at=None)

    def due(self, today: date) -> Self:
        """Those to be looked at again on this day of the clinic, or before it."""
        return self.live().filter(review_date__lte=today)

    def waiting_for(self, user: User) -> Self:
        """Due ones of patients whom the therapist treats now, whoever withheld them."""
        live = self.due(user.clinic_day).filter(note__deleted_at=None, note__session__deleted_at=None)
        return live.filter(User.objects.patients_treated_by(user).holding("note__patient"))


class AmendmentQuerySet(PatientOwnedQuerySet):
    """Queries on patients' requests for corrections."""

    def open(self) -> Self:
        """Those that have not been answered."""
        return self.filter(status=AmendmentStatus.OPEN)

    def disagreeing(self) -> Self:
        """Denied ones to which the patient added a statement, which stands with the note."""
        return self.exclude(statement_at=None)


class PrivateNoteQuerySet(BaseQuerySet[Any]):
    """Queries on private notes: of their author alone, while they treat the patient; an emergency opens none."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Notes that `user` wrote on patients whom they treat now, without deleted ones."""
        return self._written_by(user).filter(deleted_at=None)

    def restorable(self, user: User | AnonymousUser) -> Self:
        """Those that `user` deleted in the last thirty days."""
        return self._written_by(user).filter(deleted_at__gt=timezone.now() - RESTORABLE)

    def expired(self) -> Self:
        """Deleted ones that nobody can restore any more."""
        return self.filter(deleted_at__lte=timezone.now() - RESTORABLE)

    def _written_by(self, user: User | AnonymousUser) -> Self:
        if not isinstance(user, User) or not user.is_therapist:
            return self.none()
        return self.filter(author=user, patient__in=User.objects.patients_treated_by(user))
