"""Clinics, people, who cares for whom, consent and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and access."""

    name = "accounts"
    verbose_name = "People and access"

    def ready(self) -> None:
        """Connect the receivers."""
        from accounts import receivers  # noqa: F401
