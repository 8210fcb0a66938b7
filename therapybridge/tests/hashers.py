"""A fast password hasher for tests."""

from accounts.authentication.hashers import Argon2Hasher


class QuickHasher(Argon2Hasher):
    """The production scheme with minimal cost; never use it in production."""

    time_cost = 1
    memory_cost = 8
