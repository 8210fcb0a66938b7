"""Access to forms by link: whoever holds it may fill in this form, and reads nothing of the record."""

from accounts.care.access import RecordAccess, by_link
from accounts.models import TherapistPatient, User
from therapybridge.core import links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict
from treatment.models import FormLink


class NobodyTreats(Conflict):
    """What the patient sends would be read by nobody."""

    code = "nobody_treats"
    title = "Nobody treats you here at the moment, so nobody would read your answers"


def open_form(by: Actor, secret: str, purpose: str) -> tuple[FormLink, RecordAccess]:
    """The link of a secret, without access to the record; LinkGone if it was never made, or for another purpose, or the
    patient's account is closed.

    A link that has ended is returned too: only `link.state` says whether it still takes something. What comes too late
    must not vanish in silence.
    """
    rows = FormLink.objects.select_related("patient__clinic", "auth_session")
    found = rows.filter(token_hash=links.hashed(secret), purpose=purpose, patient__is_active=True).first()
    if found is None:
        raise links.LinkGone
    return found, by_link(by, found.patient)


def require_reader(patient: User) -> None:
    """NobodyTreats if what the patient sends would be read by nobody."""
    if not TherapistPatient.objects.active().filter(patient=patient).exists():
        raise NobodyTreats
