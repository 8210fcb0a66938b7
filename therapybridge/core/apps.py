"""App of the shared foundations; it has no tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers what must be known first: the checks of an installation, and the converters that routes name."""

    name = "therapybridge.core"
    label = "core"
    verbose_name = "Foundations"

    def ready(self) -> None:
        """Importing the modules registers what they hold."""
        from therapybridge import checks  # noqa: F401
        from therapybridge.core.api.enums import name_enums
        from therapybridge.core.http import converters  # noqa: F401

        name_enums()
