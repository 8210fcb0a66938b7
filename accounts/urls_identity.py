"""Sign-in and second-factor routes, under the names that django-allauth reverses."""

from django.urls import path

from accounts.authentication import views as authentication_views
from accounts.second_factor import views as factors

urlpatterns = [
    path("sign-in", authentication_views.sign_in, name="account_login"),
    path("sign-in/second-factor", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/trust", factors.trust, name="mfa_trust"),
    path("account/confirm", factors.confirm_by_password, name="account_reauthenticate"),
    path("account/confirm/second-factor", factors.confirm_by_code, name="mfa_reauthenticate"),
    path("account/confirm/passkey", factors.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor", factors.index, name="mfa_index"),
    path("account/second-factor/app", factors.set_up_app, name="mfa_activate_totp"),
    path("account/second-factor/app/remove", factors.remove_app, name="mfa_deactivate_totp"),
    path("account/second-factor/codes", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new", factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes/download", factors.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/second-factor/passkeys", factors.passkey_list, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/new", factors.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/rename", factors.rename_passkey, name="mfa_edit_webauthn"),
]
