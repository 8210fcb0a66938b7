"""Second factors: how their secrets are sealed, how a code is checked, and the challenge between password and code."""

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

from accounts.authentication.services.tokens import Unauthenticated, password_mark
from accounts.models import User
from therapybridge.core import crypto, limits
from therapybridge.core.errors import Unavailable

FACTORS = ("totp", "webauthn")
CODES = ("totp", "recovery_codes")
CHALLENGE_SECONDS = 300
CHALLENGE_SALT = "therapybridge.second_factor"
_owner: ContextVar[UUID | None] = ContextVar("second_factor_owner", default=None)


class InvalidCode(Unauthenticated):
    """The code is wrong, was used before, or its half minute is over."""

    code = "invalid_code"
    title = "This code is not right"


class ChallengeRefused(Unauthenticated):
    """The challenge is too old, was used before, or the password changed since."""

    code = "challenge_invalid"
    title = "Please sign in again with your password"


@contextmanager
def secrets_of(user_id: UUID) -> Iterator[None]:
    """Let django-allauth seal and open secrets as this person's, who need not be the one who is signed in."""
    token = _owner.set(user_id)
    try:
        yield
    finally:
        _owner.reset(token)


def named_owner() -> UUID | None:
    """Whom the surrounding `secrets_of` names."""
    return _owner.get()


def seal(text: str, owner: UUID) -> str:
    """The secret as it is stored, bound to its owner."""
    return b64encode(crypto.seal(text.encode(), _binding(owner))).decode()


def unseal(sealed: str, owner: UUID) -> str:
    """The secret again; DecryptionError for another person's."""
    return crypto.unseal(b64decode(sealed), _binding(owner)).decode()


def _binding(owner: UUID) -> bytes:
    return f"mfa.secret:{owner}".encode()


def is_set_up(user: User) -> bool:
    """Whether the person has one; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def is_last(factor: Authenticator) -> bool:
    """Whether its owner would be left without any."""
    others = Authenticator.objects.filter(user=factor.user_id, type__in=FACTORS).exclude(pk=factor.pk)
    return factor.type in FACTORS and not others.exists()


def methods_of(user: User) -> list[str]:
    """By which codes the person can answer: an authenticator app first, then recovery codes."""
    found = set(Authenticator.objects.filter(user=user, type__in=CODES).values_list("type", flat=True))
    return [method for method in CODES if method in found]


def check_limits(user: User) -> None:
    """RateLimited for too many tries on one account, whatever address they come from; before any code is looked at."""
    limits.check("second_factor", f"user:{user.pk}")
    limits.check_failures("second_factor_failed", f"user:{user.pk}")


def count_failure(user: User) -> None:
    """One more wrong answer."""
    limits.count_failure("second_factor_failed", f"user:{user.pk}")


def use_code(user: User, code: str) -> Authenticator:
    """The factor that the code belongs to, once. RateLimited, or InvalidCode for any other code.

    Unavailable when it cannot be remembered that the code was used: then it must not open anything.
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
    """A signed token which says that the password was right; all it allows is to send a code, for five minutes."""
    content = {"user": str(user.pk), "password": password_mark(user), "id": uuid4().hex}
    return signing.dumps(content, salt=CHALLENGE_SALT)


def user_of(challenge: str) -> User:
    """Whose password was right; ChallengeRefused if it was changed, or the challenge used, since."""
    content = _read(challenge)
    user: User | None = User.objects.select_related("clinic").filter(pk=content["user"], is_active=True).first()
    if user is None or not constant_time_compare(content["password"], password_mark(user)):
        raise ChallengeRefused
    if cache.get(_consumed_key(content)):
        raise ChallengeRefused
    return user


def consume_challenge(challenge: str) -> None:
    """Make the challenge worthless; ChallengeRefused for all but the first who asks."""
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
