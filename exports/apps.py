"""The exports app: records that leave the practice, on paper and as data, and come back whole."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Exports and imports of records."""

    name = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        """Declare the audit actions and connect the receivers."""
        import exports.audit_actions
        import exports.fhir.audit_actions
        import exports.imports.audit_actions
        import exports.imports.navigation
        import exports.jobs.navigation
        import exports.jobs.receivers
        import exports.layouts.audit_actions
        import exports.schedules.audit_actions
        import exports.transfers.audit_actions
        import exports.transfers.navigation  # noqa: F401
        from accounts.identity.services.storage import counts_as_stored
        from exports.imports.services.files import stored_imports
        from exports.jobs.services.storage import stored_exports

        counts_as_stored(stored_exports)
        counts_as_stored(stored_imports)
