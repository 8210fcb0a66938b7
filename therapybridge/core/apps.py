"""The app of the shared foundations; it has no models."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers system checks, path converters and lookups."""

    name = "therapybridge.core"
    label = "core"
    verbose_name = "Foundations"

    def ready(self) -> None:
        """Import the modules, which registers their contents."""
        from django.db import connection
        from django.db.backends.signals import connection_created

        from therapybridge import checks  # noqa: F401
        from therapybridge.core import lookups
        from therapybridge.core.api import optional  # noqa: F401
        from therapybridge.core.api.enums import name_enums
        from therapybridge.core.http import converters  # noqa: F401

        name_enums()
        connection_created.connect(lookups.add_unicode_lower, dispatch_uid="core.unicode_lower")
        if connection.vendor == "postgresql":
            from therapybridge.core.backends.moments import read_moments_quickly

            read_moments_quickly()
