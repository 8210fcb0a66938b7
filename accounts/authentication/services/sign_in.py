"""The one gate behind every door that takes a password: limits first, then the hash, one answer for every failure."""

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.access import auth_session
from accounts.authentication.services import auth_sessions, tokens
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.identity.services import registration
from accounts.models import User
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core import limits
from therapybridge.core.actor import actor_of


def user_by_password(request: HttpRequest | Request, email: str, password: str) -> User:
    """The active user; RateLimited before any hashing, InvalidCredentials otherwise.

    An unknown e-mail, a wrong password, a deactivated user and a patient without a password cost the same hash and get
    the same answer. Who is found is not signed in yet: the callers say when that is so.
    """
    address = email.strip().lower()
    user = _checked(request, address, password)
    if user is not None:
        if not user.is_verified:
            registration.refuse_unconfirmed(user, request)
        return user
    known = User.objects.filter(email=address).first()
    log.record(
        "user.signed_in",
        by=None,
        target=known,
        outcome="denied",
        reason="invalid_credentials",
        request=request,
    )
    raise InvalidCredentials


def is_password_of(request: HttpRequest | Request, user: User, password: str) -> bool:
    """Whether it is the password of a person who is signed in already, under the limits of signing in."""
    return user.email is not None and _checked(request, user.email, password) == user


def _checked(request: HttpRequest | Request, address: str, password: str) -> User | None:
    """Counts by account and network together: nobody can lock a person out from elsewhere."""
    key = f"{actor_of(request).network} {address}"
    limits.check("sign_in", key)
    limits.check_failures("sign_in_failed", key)
    user = authenticate(request, email=address, password=password)
    if isinstance(user, User):
        return user
    limits.count_failure("sign_in_failed", key)
    return None


def enter_with_device(user: User, request: HttpRequest | Request, *, second_factor_by: str = "") -> tokens.TokenPair:
    """All that the person has to show was shown: the device's first pair, on record.

    SecondFactorMissing, and no token, for a person who must have a second factor and has none.
    """
    if auth_sessions.needs_second_factor(user) and not factors.is_set_up(user):
        reason = auth_sessions.SecondFactorMissing.code
        log.record("user.signed_in", by=user, target=user, outcome="denied", reason=reason, request=request)
        raise auth_sessions.SecondFactorMissing
    with transaction.atomic():
        log.record("user.signed_in", by=user, target=user, reason=second_factor_by, request=request)
        return tokens.issue_pair(user, by=actor_of(request), with_second_factor=bool(second_factor_by))


def ask_second_factor(user: User, request: HttpRequest | Request) -> str | None:
    """The challenge for a person whose password was right and who has a second factor; None without one."""
    if not factors.is_set_up(user):
        return None
    note_password(user, request)
    return factors.new_challenge(user)


def note_password(user: User, request: HttpRequest | Request) -> None:
    """On record: the password was right, and that was not enough."""
    log.record("user.password_accepted", by=user, target=user, request=request)


def answer_challenge(challenge: str, code: str, request: HttpRequest | Request) -> tokens.TokenPair:
    """The first pair for a code that fits the challenge, once; ChallengeRefused or InvalidCode otherwise."""
    user = factors.user_of(challenge)
    try:
        factor = factors.use_code(user, code)
    except factors.InvalidCode:
        note_wrong_code(user, request)
        raise
    factors.consume_challenge(challenge)
    factor.record_usage()
    return enter_with_device(user, request, second_factor_by=factor.type)


def note_wrong_code(user: User, request: HttpRequest | Request) -> None:
    """On record: the second factor was wrong."""
    reason = factors.InvalidCode.code
    log.record("second_factor.failed", by=user, target=user, outcome="denied", reason=reason, request=request)


def step_up(request: HttpRequest | Request, user: User, *, password: str = "", code: str = "") -> None:
    """Prove again who one is, by password or by code; InvalidCredentials or InvalidCode, on record, otherwise."""
    session = auth_session(request)
    try:
        _prove(request, user, password, code)
    except (InvalidCredentials, factors.InvalidCode) as error:
        log.record("user.stepped_up", by=user, target=user, outcome="denied", reason=error.code, request=request)
        raise
    with transaction.atomic():
        if session:
            auth_sessions.mark_stepped_up(session)
        log.record("user.stepped_up", by=user, target=user, request=request)


def _prove(request: HttpRequest | Request, user: User, password: str, code: str) -> None:
    if code:
        factors.use_code(user, code).record_usage()
    elif not is_password_of(request, user, password):
        raise InvalidCredentials("This password is not right.")
