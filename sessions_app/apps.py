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
        from sessions_app.processing.services import circuits
        from therapybridge.core.health import declare_part

        declare_part("engine", circuits.described)
