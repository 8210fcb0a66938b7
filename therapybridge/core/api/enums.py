"""Enum names in the schema, taken from the classes in the apps' `choices` modules."""

import sys

from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from drf_spectacular.settings import spectacular_settings


def name_enums() -> None:
    """Register the names with the schema generator; call it once all models, and so all choices, are loaded.

    Raises ImproperlyConfigured for two classes of one name: the schema would number one of them.
    """
    rooms = [module for name, module in sorted(sys.modules.items()) if name.endswith(".choices")]
    classes = [
        one
        for room in rooms
        for one in vars(room).values()
        if isinstance(one, type) and issubclass(one, TextChoices) and one.__module__ == room.__name__
    ]
    named = {f"{one.__name__}Enum": one.choices for one in classes}
    if len(named) < len(classes):
        raise ImproperlyConfigured(f"Two classes of choices share a name: {sorted(map(repr, classes))}")
    overrides = {**spectacular_settings.ENUM_NAME_OVERRIDES, **named}
    spectacular_settings.apply_patches({"ENUM_NAME_OVERRIDES": overrides})  # type: ignore[no-untyped-call]
