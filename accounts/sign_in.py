"""The one gate behind every door that takes a password: limits first, then the hash, one answer for every failure."""

from django.contrib.auth import authenticate
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User
from accounts.tokens import InvalidCredentials
from audit import log
from therapybridge.core import limits


def user_by_password(request: HttpRequest | Request, email: str, password: str) -> User:
    """The active user; RateLimited before any hashing, InvalidCredentials otherwise.

    An unknown e-mail, a wrong password, a deactivated user and a patient without a password cost the same hash and get
    the same answer.
    """
    address = email.strip().lower()
    limits.check(request, "sign_in", f"{limits.client_network(request)} {address}")
    user = authenticate(request, email=address, password=password)
    if isinstance(user, User):
        log.record("user.signed_in", by=user, target=user, request=request)
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
