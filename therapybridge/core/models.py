"""The abstract base of every model; core has no concrete ones."""

from uuid import UUID

from django.db import models
from uuid_utils import compat


def uuid7() -> UUID:
    """A time-ordered key: fresh rows land side by side in the index."""
    return compat.uuid7()


class BaseModel(models.Model):
    """A uuid7 key made in the application, and two stamps in UTC."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


def short_id(key: object) -> str:
    """The last characters of an id: enough to compare two lines, and nobody's name."""
    return str(key)[-8:] if key else "–"  # noqa: RUF001 (a dash for people)
