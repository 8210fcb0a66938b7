"""Every password check happens here: rate limits first, then the hash, with one answer for every failure."""

from django.contrib.auth import authenticate
from django.db import transaction

from accounts.authentication.audit_actions import USER_PASSWORD_ACCEPTED, USER_SIGNED_IN, USER_STEPPED_UP
from accounts.authentication.services import auth_sessions, tokens
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.identity.services import registration
from accounts.models import User
from accounts.second_factor.audit_actions import SECOND_FACTOR_FAILED
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core import limits
from therapybridge.core.actor import Actor
from therapybridge.core.text import same_address


def user_by_password(email: str, password: str, *, by: Actor) -> User:
    """The active user with these credentials; RateLimited before any hashing, InvalidCredentials otherwise.

    An unknown e-mail, a wrong password, a deactivated user and a patient without a password cost the same hash and get
    the same answer. This does not sign the person in: callers do.
    """
    address = same_address(email)
    user = _checked(address, password, by)
    if user is not None:
        if not user.is_verified:
            registration.refuse_unconfirmed(user, by=by)
        return user
    known = User.objects.filter(email=address).first()
    log.deny(USER_SIGNED_IN, InvalidCredentials.code, by=by, target=known)
    raise InvalidCredentials


def is_own_password(password: str, *, by: Actor) -> bool:
    """Whether this is the signed-in person's password; the rate limits of signing in apply."""
    return by.user.email is not None and _checked(by.user.email, password, by) == by.user


def _checked(address: str, password: str, by: Actor) -> User | None:
    """Failures are counted per account and network, so that nobody can lock a person out from elsewhere."""
    key = f"{by.network} {address}"
    limits.check("sign_in", key)
    limits.check_left("sign_in_failed", key)
    user = authenticate(email=address, password=password)
    if isinstance(user, User):
        return user
    limits.count_one("sign_in_failed", key)
    return None


def sign_in_device(user: User, *, by: Actor, second_factor: str = "", device_name: str = "") -> tokens.TokenPair:
    """All credentials were checked: issue the device's first token pair, audited with the kind of second factor.

    SecondFactorMissing, and no token, for a person who must have a second factor and has none.
    """
    by = by.acting_as(user)
    if auth_sessions.needs_second_factor(user) and not factors.is_set_up(user):
        log.deny(USER_SIGNED_IN, auth_sessions.SecondFactorMissing.code, by=by, target=user)
        raise auth_sessions.SecondFactorMissing
    with transaction.atomic():
        log.record(USER_SIGNED_IN, user, by=by, reason=second_factor)
        return tokens.issue_pair(user, by=by, with_second_factor=bool(second_factor), device_name=device_name)


def ask_second_factor(user: User, *, by: Actor) -> str | None:
    """The challenge for a person whose password was correct and who has a second factor; None without one."""
    if not factors.is_set_up(user):
        return None
    record_password_accepted(user, by=by)
    return factors.new_challenge(user)


def record_password_accepted(user: User, *, by: Actor) -> None:
    """Audit that the password was correct but a second factor is still needed."""
    log.record(USER_PASSWORD_ACCEPTED, user, by=by.acting_as(user))


def answer_challenge(challenge: str, code: str, *, by: Actor, device_name: str = "") -> tokens.TokenPair:
    """Exchange a challenge and its code for the first token pair, once; ChallengeRefused or InvalidCode otherwise."""
    user = factors.user_of(challenge)
    try:
        factor = factors.use_code(user, code)
    except factors.InvalidCode as error:
        log.deny(SECOND_FACTOR_FAILED, error.code, by=by.acting_as(user), target=user)
        raise
    factors.consume_challenge(challenge)
    factor.record_usage()
    return sign_in_device(user, by=by, second_factor=factor.type, device_name=device_name)


def step_up(*, by: Actor, password: str = "", code: str = "") -> None:
    """Confirm the person's identity by password or code; InvalidCredentials or InvalidCode, audited, otherwise."""
    try:
        _prove(by, password, code)
    except (InvalidCredentials, factors.InvalidCode) as error:
        log.deny(USER_STEPPED_UP, error.code, by=by, target=by.user)
        raise
    with transaction.atomic():
        if by.auth_session:
            auth_sessions.mark_stepped_up(by.auth_session, by_factor=bool(code))
        log.record(USER_STEPPED_UP, by.user, by=by)


def _prove(by: Actor, password: str, code: str) -> None:
    if code:
        factors.use_code(by.user, code).record_usage()
    elif not is_own_password(password, by=by):
        raise InvalidCredentials("This password is incorrect.")
