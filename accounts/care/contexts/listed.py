"""The API's list of patients, whose SQL is built once for all readers of a role; the rules are the queryset's.

It reads what the list shows: of the profile, which is encrypted text of any length, two columns of fourteen.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet, UUIDField

from accounts.care.models import PatientProfile
from accounts.models import User
from therapybridge.core.compiled import Compiled, Slot, built_once, given_by, reader_of_role, role_of
from therapybridge.core.pagination import KeysetCursor, Page, as_page, keyset_rows

NEWEST_FIRST = ("-id",)
KEY = Slot("key", UUIDField())


def _held(model: type[Model], *names: str) -> list[str]:
    """Columns in the order of the model's, as `from_db` takes them."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]


OF_PERSON = _held(User, "id", "created_at", "updated_at", "first_name", "last_name")
OF_PROFILE = _held(PatientProfile, "id", "email", "date_of_birth")
PROFILE: Any = User._meta.get_field("profile")


class Listed(NamedTuple):
    """A page of patients with their profiles, and how many there are in all."""

    page: Page
    total: int


def read_patients(reader: User, query: Mapping[str, str], limit: int) -> Listed:
    """One page for PatientRowSerializer, of all whom the reader may see; InvalidInput for a cursor of another list."""
    cursor = query.get("cursor")
    key = dict(zip([KEY.name], KeysetCursor.decode(NEWEST_FIRST, cursor), strict=True)) if cursor else {}
    found = _page_query(role_of(reader), bool(key), limit).rows(**given_by(reader), **key)
    page = as_page([_with_profile(row) for row in found], NEWEST_FIRST, limit)
    is_whole = not key and not page.has_more
    return Listed(page, len(page.rows) if is_whole else _count_query(role_of(reader)).count(**given_by(reader)))


def _visible(role: str) -> QuerySet[User]:
    rows: QuerySet[User] = User.objects.patients_visible_to(reader_of_role(role)).order_by()
    return rows


@built_once
def _page_query(role: str, follows: bool, limit: int) -> Compiled:
    rows = _visible(role).values_list(*OF_PERSON, *(f"profile__{one}" for one in OF_PROFILE))
    return Compiled(keyset_rows(rows, NEWEST_FIRST, (KEY,) if follows else None, limit))


@built_once
def _count_query(role: str) -> Compiled:
    return Compiled(_visible(role).values("pk"))


def _with_profile(row: tuple[Any, ...]) -> User:
    """The person with the profile, if there is one; what the list does not show would be read when it is asked for."""
    person: User = User.from_db("default", OF_PERSON, row[: len(OF_PERSON)])
    profile = row[len(OF_PERSON) :]
    has_one = profile[OF_PROFILE.index("id")] is not None
    PROFILE.set_cached_value(person, PatientProfile.from_db("default", OF_PROFILE, profile) if has_one else None)
    return person
