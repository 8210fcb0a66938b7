"""The sessions app: sessions, recordings, transcripts and draft notes."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Sessions and their processing."""

    name = "sessions_app"
    verbose_name = "Sessions"

    def ready(self) -> None:
        """Connect the receivers."""
        import sessions_app.audit_actions
        import sessions_app.navigation
        import sessions_app.notes.receivers
        import sessions_app.processing.receivers  # noqa: F401
        from accounts.identity.services.storage import counts_as_stored
        from sessions_app.processing.services import circuits
        from sessions_app.recordings.services import stored_recordings
        from therapybridge.core.gauges import declare_gauge
        from therapybridge.core.health import declare_part

        declare_part("engine", circuits.described)
        declare_gauge("engine_failures", "Errors in a row of an engine that is away", ["engine"], circuits.failures)
        declare_gauge("engine_waiting", "Sessions that wait for an engine", ["engine"], circuits.waiting)
        counts_as_stored(stored_recordings)
