"""Filters for the lists of templates and notes."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from sessions_app.models import AmendmentRequest, NoteTemplate, SessionNote
from sessions_app.notes.querysets import NoteQuerySet
from therapybridge.core.api.filters import ChangesFilter, FlagFilter, ValuesFilter

Rows = QuerySet[Any]
EMPTY: list[Any] = [None, "", []]


class TemplateFilter(ChangesFilter):
    """Filters by whether a template can be used for new notes, and by whose it is."""

    archived = FlagFilter(method="in_archive", help_text="true: archived ones; false: those for new notes.")
    mine = FlagFilter(method="of_reader", help_text="true: one's own; false: all others.")

    class Meta:
        model = NoteTemplate
        fields: list[str] = []

    def in_archive(self, rows: Rows, name: str, value: bool) -> Rows:
        """Archived templates or those in use."""
        return rows.filter(archived_at__isnull=not value)

    def of_reader(self, rows: Rows, name: str, value: bool) -> Rows:
        """The reader's own templates or all others."""
        owner = self.request.user.pk
        return rows.filter(owner=owner) if value else rows.exclude(owner=owner)


class NoteFilter(ChangesFilter):
    """Filters by patient, session, one or more statuses, what waits for the reader's signature, and the archive."""

    patient = django_filters.UUIDFilter(field_name="patient_id")
    session = django_filters.UUIDFilter(field_name="session_id")
    status = ValuesFilter(choices=SessionNote.Status.choices)
    unsigned = FlagFilter(method="awaiting_reader", help_text="true: one's own unsigned notes; false: signed ones.")
    archived = FlagFilter(
        method="in_archive",
        help_text="true: archived ones; false: all others. Else only `status`, `session` and `withheld` list them.",
    )
    withheld = FlagFilter(
        method="kept_from_patients", help_text="true: withheld from their patients; false: all others."
    )

    class Meta:
        model = SessionNote
        fields: list[str] = []

    def filter_queryset(self, rows: NoteQuerySet) -> NoteQuerySet:
        """Leave archived notes out of lists that do not ask for them, or for what may be archived."""
        given = self.form.cleaned_data
        names_them = any(given[name] not in EMPTY for name in ("archived", "status", "session", "withheld"))
        found: NoteQuerySet = super().filter_queryset(rows)
        return found if names_them else found.unarchived()

    def in_archive(self, rows: NoteQuerySet, name: str, value: bool) -> NoteQuerySet:
        """Archived notes or all others."""
        return rows.archived() if value else rows.unarchived()

    def awaiting_reader(self, rows: NoteQuerySet, name: str, value: bool) -> NoteQuerySet:
        """Unsigned notes of the reader, or signed ones of anybody."""
        return rows.unsigned().filter(author=self.request.user.pk) if value else rows.signed()

    def kept_from_patients(self, rows: NoteQuerySet, name: str, value: bool) -> NoteQuerySet:
        """Notes that are withheld, or those that are not."""
        return rows.withheld() if value else rows.exclude(pk__in=rows.withheld().values("pk"))


class AmendmentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters by one or more statuses."""

    status = ValuesFilter(choices=AmendmentRequest.Status.choices)

    class Meta:
        model = AmendmentRequest
        fields: list[str] = []
