"""Second factors: encrypting their secrets, checking codes, and the challenge between password and code."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.cache import cache
from django.utils.crypto import constant_time_compare
from redis.exceptions import RedisError

from accounts.authentication.querysets import FACTORS, factors_of
from accounts.authentication.services.tokens import Unauthenticated, password_mark
from accounts.models import User
from therapybridge.core import crypto, limits
from therapybridge.core.errors import Unavailable

CODES = ("totp", "recovery_codes")
CHALLENGE_SECONDS = 300
CHALLENGE_SALT = "therapybridge.second_factor"
_owner: ContextVar[UUID | None] = ContextVar("second_factor_owner", default=None)


class InvalidCode(Unauthenticated):
    """The code is wrong, was used before, or has expired."""

    code = "invalid_code"
    title = "This code is incorrect"


class ChallengeRefused(Unauthenticated):
    """The challenge has expired, was used before, or the password has changed since."""

    code = "challenge_invalid"
    title = "Please sign in again with your password"


@contextmanager
def secrets_of(user_id: UUID) -> Iterator[None]:
    """Have django-allauth encrypt and decrypt secrets for this person, who need not be the signed-in one."""
    token = _owner.set(user_id)
    try:
        yield
    finally:
        _owner.reset(token)


def named_owner() -> UUID | None:
    """The person named by the surrounding `secrets_of`."""
    return _owner.get()


def seal(text: str, owner: UUID) -> str:
    """Encrypt a secret for storage, bound to its owner."""
    return b64encode(crypto.seal(text.encode(), _binding(owner))).decode()


def unseal(sealed: str, owner: UUID) -> str:
    """Decrypt a stored secret; DecryptionError for another person's."""
    return crypto.unseal(b64decode(sealed), _binding(owner)).decode()


def _binding(owner: UUID) -> bytes:
    return f"mfa.secret:{owner}".encode()


def is_set_up(user: User) -> bool:
    """Whether the person has a second factor; recovery codes alone do not count."""
    return factors_of(user.pk).exists()


def is_last(factor: Authenticator) -> bool:
    """Whether removing it would leave its owner without a second factor."""
    others = factors_of(factor.user_id).exclude(pk=factor.pk)
    return factor.type in FACTORS and not others.exists()


def methods_of(user: User) -> list[str]:
    """The kinds of code the person has: authenticator app first, then recovery codes."""
    found = set(Authenticator.objects.filter(user=user, type__in=CODES).values_list("type", flat=True))
    return [method for method in CODES if method in found]


def check_limits(user: User) -> None:
    """RateLimited after too many attempts on one account, from whatever address; call it before checking any code."""
    limits.check("second_factor", f"user:{user.pk}")
    limits.check_left("second_factor_failed", f"user:{user.pk}")


def count_failure(user: User) -> None:
    """Count a wrong code."""
    limits.count_one("second_factor_failed", f"user:{user.pk}")


def use_code(user: User, code: str) -> Authenticator:
    """Consume a code and return its factor; RateLimited, or InvalidCode for any other code.

    Unavailable if the use of the code cannot be stored: then it must not be accepted.
    """
    check_limits(user)
    try:
        factor = _factor_of(user, code)
    except (RedisError, OSError) as error:
        raise Unavailable("Codes cannot be checked at the moment. Try again in a few minutes.") from error
    if factor is None:
        count_failure(user)
        raise InvalidCode
    return factor


def _factor_of(user: User, code: str) -> Authenticator | None:
    with secrets_of(user.pk):
        for factor in Authenticator.objects.filter(user=user, type__in=CODES).order_by("-type"):
            if factor.wrap().validate_code(code):
                factor.user = user
                return factor
    return None


def new_challenge(user: User) -> str:
    """A signed token saying that the password was correct; for five minutes, it allows only sending a code."""
    content = {"user": str(user.pk), "password": password_mark(user), "id": uuid4().hex}
    return signing.dumps(content, salt=CHALLENGE_SALT)


def user_of(challenge: str) -> User:
    """The challenge's person; ChallengeRefused if the password was changed or the challenge consumed since."""
    content = _read(challenge)
    user: User | None = User.objects.select_related("clinic").filter(pk=content["user"], is_active=True).first()
    if user is None or not constant_time_compare(content["password"], password_mark(user)):
        raise ChallengeRefused
    if cache.get(_consumed_key(content)):
        raise ChallengeRefused
    return user


def consume_challenge(challenge: str) -> None:
    """Consume the challenge; ChallengeRefused for all but the first caller."""
    if not cache.add(_consumed_key(_read(challenge)), 1, timeout=CHALLENGE_SECONDS + 1):
        raise ChallengeRefused


def _read(challenge: str) -> dict[str, str]:
    try:
        content: dict[str, str] = signing.loads(challenge, salt=CHALLENGE_SALT, max_age=CHALLENGE_SECONDS)
    except signing.BadSignature as error:
        raise ChallengeRefused from error
    return content


def _consumed_key(content: dict[str, str]) -> str:
    return f"second_factor.challenge:{content['id']}"
