"""Key rotation of second-factor secrets, which are encrypted inside django-allauth's JSON."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from allauth.mfa.models import Authenticator

from accounts.second_factor.services import factors
from therapybridge.core import crypto
from therapybridge.core.rotation import Held, key_id

NAMES = ("secret", "seed")


class SecondFactorSource:
    """The secrets of authenticator apps and recovery codes."""

    name = "mfa.authenticator.data"

    def held(self, batch: int) -> Iterator[Sequence[Held]]:
        """All at once: there are few rows."""
        rows = Authenticator.objects.filter(type__in=factors.CODES).order_by("pk")
        yield [Held(pk, (user, data)) for pk, user, data in rows.values_list("pk", "user_id", "data")]

    def stale(self, batch: int) -> Iterator[Sequence[Held]]:
        """Checked one by one."""
        for held in self.held(batch):
            old = [row for row in held if not all(_is_current(text) for text in _secrets(row.value[1]))]
            for start in range(0, len(old), batch):
                yield old[start : start + batch]

    def renewed(self, row: Held) -> dict[str, Any]:
        """Encrypted again for the same owner."""
        user, data = row.value
        fresh = {name: factors.seal(factors.unseal(data[name], user), user) for name in NAMES if name in data}
        return {**data, **fresh}

    def swap(self, row: Held, renewed: Any) -> bool:
        """Skipped if a code was used in the meantime; the row is then found again."""
        return bool(Authenticator.objects.filter(pk=row.pk, data=row.value[1]).update(data=renewed))

    def left(self) -> Counter[str]:
        """Counts by key id."""
        found = Authenticator.objects.filter(type__in=factors.CODES).values_list("data", flat=True)
        secrets = [text for data in found for text in _secrets(data) if not _is_current(text)]
        return Counter(key_id(_blob(text)) for text in secrets)


def _secrets(data: dict[str, Any]) -> list[str]:
    return [data[name] for name in NAMES if name in data]


def _is_current(text: str) -> bool:
    try:
        return crypto.is_current(_blob(text))
    except crypto.DecryptionError:
        return False


def _blob(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""
