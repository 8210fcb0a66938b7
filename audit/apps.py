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
        from audit.services.chain import unsealed_count, unsealed_since
        from therapybridge.core.gauges import declare_gauge
        from therapybridge.core.health import declare_watched

        declare_watched("audit", unsealed_since, timedelta(minutes=2))
        told = "Events of the audit trail that wait to be sealed, counted up to 10000"
        declare_gauge("audit_unsealed", told, [], lambda: [([], unsealed_count())])
