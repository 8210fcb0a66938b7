"""What happens to people: taken on, described, asked for consent, handed over."""

from accounts.services.care import end_relation, require_care
from accounts.services.consent import (
    RECORDING_CONSENTS,
    missing_recording_consents,
    record_consent,
    require_recording_consent,
)
from accounts.services.invitations import (
    accept_invitation,
    invite_colleague,
    invite_patient,
    open_invitation,
    revoke_invitation,
)
from accounts.services.joining import confirm_address, sign_up
from accounts.services.passwords import ask_reset, change_password, person_to_reset, reset_password
from accounts.services.patients import create_patient, update_me, update_patient
from accounts.services.profile import ask_new_address, deactivate_user, reactivate_user
from accounts.services.staff import change_role, close_account

__all__ = [
    "RECORDING_CONSENTS",
    "accept_invitation",
    "ask_new_address",
    "ask_reset",
    "change_password",
    "change_role",
    "close_account",
    "confirm_address",
    "create_patient",
    "deactivate_user",
    "end_relation",
    "invite_colleague",
    "invite_patient",
    "missing_recording_consents",
    "open_invitation",
    "person_to_reset",
    "reactivate_user",
    "record_consent",
    "require_care",
    "require_recording_consent",
    "reset_password",
    "revoke_invitation",
    "sign_up",
    "update_me",
    "update_patient",
]
