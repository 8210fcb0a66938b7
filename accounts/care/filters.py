"""Filters for the patient list."""

import django_filters
from django.db.models import Q

from accounts.identity.querysets import UserQuerySet, holds_name
from accounts.models import PatientProfile, User
from therapybridge.core.api.filters import ChangesFilter

MAX_SEARCH = 100  # characters


class PatientFilter(ChangesFilter):
    """`search`: every word must be part of a name or of the sign-in address."""

    search = django_filters.CharFilter(method="by_name", max_length=MAX_SEARCH)

    class Meta:
        model = User
        fields: list[str] = []

    def by_name(self, rows: UserQuerySet, name: str, value: str) -> UserQuerySet:
        """Contact addresses are encrypted, so they match only as a whole; a mark between words is none."""
        for word in [word for word in value.split() if any(map(str.isalnum, word))] or value.split():
            rows = rows.filter(_holds(word))
        return rows


def _holds(word: str) -> Q:
    named = holds_name(word) | Q(email__icontains=word)
    return named | Q(profile__email_index=PatientProfile.index_of(word)) if "@" in word else named
