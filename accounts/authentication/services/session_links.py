"""Links for programs that cannot send a token, such as players: each is part of a sign-in, and ends with it."""

from django.core import signing
from django.utils.crypto import constant_time_compare

from accounts.authentication.services import auth_sessions
from accounts.authentication.services.tokens import password_mark
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound


class SessionLinkGone(NotFound):
    """The link is too old or not ours, or the sign-in that it is part of has ended; the message does not say which."""

    code = "link_gone"
    title = "This link no longer works"

    def __init__(self) -> None:
        super().__init__("It lasts for some minutes, and no longer than you are signed in. Ask for a new one.")


def sign_for(by: Actor, value: str, *, purpose: str) -> str:
    """The value, signed for the session of `by`; it says nothing to others and grants nothing by itself."""
    session = by.auth_session
    told = {"sid": session.pk.hex, "kind": session.kind, "pwd": password_mark(session.user), "value": value}
    return signing.dumps(told, salt=purpose)


def read_signed(link: str, *, purpose: str, seconds: int, caller: Actor) -> tuple[str, Actor]:
    """The value, and the caller as the person for whom it was signed; SessionLinkGone if that is over.

    What the person may do is to be checked then, as in any other request of theirs.
    """
    try:
        told = signing.loads(link, salt=purpose, max_age=seconds)
    except signing.BadSignature:
        raise SessionLinkGone from None
    session = auth_sessions.valid_session(told["sid"], told["kind"])
    if session is None or auth_sessions.must_enrol(session):
        raise SessionLinkGone
    if not constant_time_compare(told["pwd"], password_mark(session.user)):
        raise SessionLinkGone
    return str(told["value"]), auth_sessions.actor_with(session, caller)
