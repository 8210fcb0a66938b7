"""Passwords of the tests: the same scheme, without its cost."""

from accounts.authentication.hashers import Argon2Hasher


class QuickHasher(Argon2Hasher):
    """Quick; never in service."""

    time_cost = 1
    memory_cost = 8
