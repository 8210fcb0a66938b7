"""The patients whom a therapist treats, by name, to recognise them in a file."""

from collections import defaultdict
from datetime import date
from functools import cached_property
from uuid import UUID

from accounts.models import User
from therapybridge.core.text import fold_name


class Known:
    """The therapist's own. Of colleagues' patients a file tells what emergency access would: that there is somebody of
    this name and day of birth. It is audited, and a name is looked up with one day only, or a file of a thousand days
    would find out somebody's birthday.
    """

    def __init__(self, therapist: User) -> None:
        self._by_name: dict[str, list[User]] = defaultdict(list)
        self._therapist = therapist
        self._asked: dict[str, date] = {}
        for one in User.objects.patients_treated_by(therapist).select_related("profile", "clinic"):
            self._by_name[key_of(one.first_name, one.last_name)].append(one)

    @cached_property
    def _of_colleagues(self) -> dict[tuple[str, str], UUID]:
        own = [one.pk for rows in self._by_name.values() for one in rows]
        others = User.objects.patients().filter(clinic=self._therapist.clinic_id).exclude(pk__in=own)
        named = others.select_related("profile").only("first_name", "last_name", "profile__date_of_birth")
        return {(key_of(one.first_name, one.last_name), born_of(one)): one.pk for one in named if born_of(one)}

    def of_colleague(self, first_name: str, last_name: str, born: date | None) -> UUID | None:
        """Another patient of the clinic who has this name, in any spelling, and was born on this day; None if the name
        was asked about with another day before.
        """
        name = key_of(first_name, last_name)
        if not born or self._asked.setdefault(name, born) != born:
            return None
        return self._of_colleagues.get((name, born.isoformat()))

    def named(self, first_name: str, last_name: str, born: date | None) -> list[User]:
        """Those of this name, in any spelling, who may have been born on this day."""
        found = self._by_name.get(key_of(first_name, last_name), [])
        exact = [one for one in found if born and born_of(one) == born.isoformat()]
        return exact or [one for one in found if not born or not born_of(one)]


def key_of(first_name: str, last_name: str) -> str:
    """A name in one spelling."""
    return fold_name(f"{first_name} {last_name}").replace(" ", "")


def born_of(patient: User) -> str:
    """The day of birth as it is stored."""
    return getattr(getattr(patient, "profile", None), "date_of_birth", None) or ""
