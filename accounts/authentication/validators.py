"""Password rules: long enough, and not made of the person's names, address or clinic."""

import re
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.authentication.querysets import factors_of
from accounts.models import User
from therapybridge.core.errors import InvalidInput
from therapybridge.core.text import password_form

SHORTEST_WORD = 4
PRODUCT = "therapybridge"


class LengthValidator:
    """At least 12 characters, or 8 for a person with a second factor; bounded, so that hashing stays cheap."""

    def __init__(self, min_length: int = 12, with_second_factor: int = 8, max_length: int = 128) -> None:
        self.min_length, self.with_second_factor, self.max_length = min_length, with_second_factor, max_length

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with the limit that applies to this person."""
        if len(password) > self.max_length:
            raise ValidationError(f"Use at most {self.max_length} characters.", code="password_too_long")
        if len(password) >= self.min_length:
            return
        has_factor = user is not None and factors_of(user.pk).exists()
        least = self.with_second_factor if has_factor else self.min_length
        if len(password) < least:
            raise ValidationError(f"Use at least {least} characters.", code="password_too_short")

    def get_help_text(self) -> str:
        """For forms."""
        return f"At least {self.min_length} characters; a few words in a row are a good password."


class ContextValidator:
    """Enough of it must remain once the person's names and address, the clinic's name and ours are removed."""

    def __init__(self, left: int = 6) -> None:
        self.left = left

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password that is little more than these names."""
        rest = password.casefold()
        words = sorted(_known_words(user), key=len, reverse=True)
        if not any(word in rest for word in words):
            return
        for word in words:
            rest = rest.replace(word, "")
        if len(rest) < self.left:
            raise ValidationError("This is too close to your name, address or clinic.", code="password_context")

    def get_help_text(self) -> str:
        """For forms."""
        return "Don't use your name, your e-mail address or the name of your clinic."


def require_good_password(password: str, user: User, field: str) -> str:
    """The form of the password to hash (NFKC); InvalidInput, with messages under `field`, if the rules reject it."""
    form = password_form(password)
    try:
        validate_password(form, user)
    except ValidationError as error:
        raise InvalidInput(errors={field: error.messages}) from error
    return form


def _known_words(user: Any) -> set[str]:
    clinic = getattr(user, "clinic", None)
    texts = [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
    parts = re.split(r"[\W_]+", " ".join([*texts, clinic.name if clinic else "", PRODUCT]).casefold())
    return {part for part in parts if len(part) >= SHORTEST_WORD}
