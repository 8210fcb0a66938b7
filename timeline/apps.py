"""The timeline app: events written by therapists or derived from sessions, notes and treatment."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    """Timelines and the pages that show them."""

    name = "timeline"
    verbose_name = "Timeline"

    def ready(self) -> None:
        """Connect the receivers."""
        from timeline import audit_actions, navigation, receivers  # noqa: F401
