"""The audit app: an append-only trail of who did what."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        """Connect the receivers, and let /health see how late the chain is."""
        from datetime import timedelta

        from audit import receivers  # noqa: F401
        from audit.services.chain import unsealed_since
        from therapybridge.core.health import declare_watched

        declare_watched("audit", unsealed_since, timedelta(minutes=2))
