"""App of the shared foundations; it has no tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the system checks that keep a misconfigured installation from starting."""

    name = "therapybridge.core"
    label = "core"
    verbose_name = "Foundations"

    def ready(self) -> None:
        """Importing the module registers the checks."""
        from therapybridge import checks  # noqa: F401
        from therapybridge.core.api.enums import name_enums

        name_enums()
