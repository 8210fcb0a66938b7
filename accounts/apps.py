"""The accounts app: clinics, people, care relations, consent and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and access."""

    name = "accounts"
    verbose_name = "People and access"

    def ready(self) -> None:
        """Connect the receivers, and register the secrets that key rotation cannot find by itself."""
        import accounts.authentication.audit_actions
        import accounts.authentication.navigation
        import accounts.authentication.receivers
        import accounts.care.audit_actions
        import accounts.care.navigation
        import accounts.consent.audit_actions
        import accounts.consent.navigation
        import accounts.identity.audit_actions
        import accounts.identity.navigation
        import accounts.rights.audit_actions
        import accounts.rights.navigation
        import accounts.second_factor.audit_actions
        import accounts.second_factor.navigation
        import accounts.second_factor.receivers  # noqa: F401
        from accounts.identity.services import field_history
        from accounts.second_factor.services.secret_rotation import SecondFactorSource
        from therapybridge.core import rotation

        rotation.register(SecondFactorSource)
        field_history.register()
