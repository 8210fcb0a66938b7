"""The accounts app: clinics, people, care relations, consent and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and access."""

    name = "accounts"
    verbose_name = "People and access"

    def ready(self) -> None:
        """Connect the receivers, register the secrets that key rotation cannot find, and let /health see the mail
        and the verifier the consents.
        """
        from datetime import timedelta

        import accounts.authentication.audit_actions
        import accounts.authentication.navigation
        import accounts.authentication.receivers
        import accounts.care.audit_actions
        import accounts.care.navigation
        import accounts.consent.audit_actions
        import accounts.consent.navigation
        import accounts.identity.audit_actions
        import accounts.identity.navigation
        import accounts.mail.audit_actions
        import accounts.rights.audit_actions
        import accounts.rights.navigation
        import accounts.second_factor.audit_actions
        import accounts.second_factor.navigation
        import accounts.second_factor.receivers  # noqa: F401
        from accounts.consent.services.attestation import altered
        from accounts.identity.services import field_history
        from accounts.mail.services import counted, failed_since, unsent_since
        from accounts.second_factor.services.secret_rotation import SecondFactorSource
        from audit.services.verification import declare_attested
        from therapybridge.core import rotation
        from therapybridge.core.gauges import declare_gauge
        from therapybridge.core.health import declare_watched

        declare_attested(altered)
        rotation.register(SecondFactorSource)
        field_history.register()
        declare_watched("mail", unsent_since, timedelta(hours=1))
        declare_watched("failed_mail", failed_since, timedelta())
        declare_gauge("emails", "E-mails that wait, and those that were given up", ["state"], counted)
