"""The audit app: an append-only trail of who did what."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        """Connect the receivers."""
        from audit import receivers  # noqa: F401
