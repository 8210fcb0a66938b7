"""How much of a practice's storage is used: added up from the rows that name files, so that no count can drift."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Clinic
from therapybridge.core.errors import TooLarge

GIGABYTE = 1024**3
WHAT_HELPS = "Ask the operator of this installation for more room."
Source = Callable[[Clinic], int]
_sources: list[Source] = []


class StorageQuotaReached(TooLarge):
    """The practice has no room for the file."""

    code = "storage_quota_reached"
    title = "Your practice's storage is full"


@dataclass(frozen=True)
class Usage:
    """Of a practice, in bytes; `quota` is None where nothing is limited."""

    used: int
    quota: int | None

    @property
    def is_full(self) -> bool:
        """Whether not a byte more is taken."""
        return self.quota is not None and self.used >= self.quota

    def __str__(self) -> str:
        used = f"{self.used / GIGABYTE:.1f}"
        return f"{used} GB" if self.quota is None else f"{used} of {self.quota / GIGABYTE:.0f} GB"


def counts_as_stored(source: Source) -> None:
    """Register a function that tells how many bytes of a practice's files are of its kind, by one query."""
    _sources.append(source)


def quota_of(clinic: Clinic) -> int | None:
    """In bytes: the practice's own, or else that of the installation; None where nothing is limited."""
    gigabytes = settings.CLINIC_STORAGE_GB if clinic.storage_quota_gb is None else clinic.storage_quota_gb
    return gigabytes * GIGABYTE or None


def usage_of(clinic: Clinic) -> Usage:
    """What is used and what may be."""
    return Usage(sum(source(clinic) for source in _sources), quota_of(clinic))


def require_room(clinic: Clinic | None, coming: int) -> None:
    """StorageQuotaReached unless so many bytes fit; asks the database nothing where nothing is limited."""
    if clinic is None or quota_of(clinic) is None:
        return
    usage = usage_of(clinic)
    if usage.used + max(coming, 1) > (usage.quota or 0):
        raise StorageQuotaReached(f"{usage} are used, and this file does not fit. {WHAT_HELPS}")


@contextmanager
def room_for(clinic: Clinic | None, size: int) -> Iterator[None]:
    """A transaction in which a file of that size is added; another one of the practice waits, and then counts it."""
    if clinic is None or quota_of(clinic) is None:
        yield
        return
    with clinic.locked():
        require_room(clinic, size)
        yield
