"""Credentials of all identities: cookies and tokens, created once."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from accounts.authentication.services import tokens
from accounts.authentication.services.passwords import TOKENS
from accounts.authentication.services.tokens import AccessToken
from accounts.consent.services import consent_log, requests
from accounts.identity.services import email_verification
from accounts.models import AuthSession, User
from accounts.second_factor.services import factors
from accounts.tests.passkey import Passkey
from audit.models import AuditEvent
from sessions_app.models import TherapySession
from sessions_app.recordings.access import new_link
from therapybridge.core.actor import Actor
from therapybridge.tests.matrix.scenery import PASSWORD, WITHOUT_FACTOR, Scenery

CHALLENGE = {"publicKey": {"challenge": "Y2hhbGxlbmdl"}}


@dataclass
class Credentials:
    """Each identity's cookies and token."""

    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)
    refreshers: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    # One for all: it loads the middleware at its first request.
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=True))

    def client(self, identity: str) -> Client:
        """A new browser with the identity's cookies, which enforces CSRF protection."""
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        for name, value in self.cookies.get(identity, {}).items():
            client.cookies[name] = value
        client.cookies[settings.CSRF_COOKIE_NAME] = self.csrf
        return client


def sign_in_all(scenery: Scenery) -> Credentials:
    """Sign everyone in; the deactivated person was signed in before."""
    credentials = Credentials(csrf=_csrf())
    for identity, person in scenery.people.items():
        if identity == "mfa_pending":
            credentials.cookies[identity] = _with_password_alone(person)
        else:
            credentials.cookies[identity] = _browser(person, identity not in WITHOUT_FACTOR)
        proven = identity not in {*WITHOUT_FACTOR, "mfa_pending"}
        pair = tokens.issue_pair(person, by=Actor(), with_second_factor=proven)
        credentials.bearers[identity] = _lasting(pair.access_token)
        credentials.refreshers[identity] = pair.refresh_token
    User.objects.filter(pk=scenery.people["deactivated"].pk).update(is_active=False)
    _secrets(scenery, credentials)
    for name in ("", "foreign_"):
        clinic = scenery.rows[f"{name}clinic"]
        scenery.rows[f"{name}trail"] = list(AuditEvent.objects.filter(clinic_id=clinic.pk))
    return credentials


def _secrets(scenery: Scenery, credentials: Credentials) -> None:
    """Secrets from e-mails and sign-ins of `assigned`; one-time ones are renewed for each request."""
    person = User.objects.get(pk=scenery.people["assigned"].pk)
    tokens.issue_pair(person, by=Actor(), with_second_factor=True)
    with factors.secrets_of(person.pk):
        codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    scenery.rows |= {
        "refresh_token": credentials.refreshers["assigned"],
        "device": AuthSession.objects.filter(user=person, kind="device").latest("id"),
        "reset_secret": TOKENS.make_token(person),
        "address_secret": email_verification.token_for(person, "new@example.org"),
        "challenge": lambda: factors.new_challenge(person),
        "code": codes[0],
        "playback_link": lambda: _playback_link(scenery.rows["session"], person),
        "digest": lambda: consent_log.digest_of(requests.texts_of(scenery.rows["consent_request"])),
        "passkey": Authenticator.objects.create(
            user=person, type="webauthn", data={"name": "Key", "credential": Passkey().created(CHALLENGE)}
        ),
    }
    for identity, one in scenery.people.items():
        for kind in ("browser", "device"):
            sessions = AuthSession.objects.filter(user=one, kind=kind).exclude(pk=scenery.rows["device"].pk)
            if found := sessions.first():
                scenery.rows[f"{identity}_{kind}"] = found


def _lasting(access_token: str) -> str:
    """The same token for a day: a slow machine takes longer for all cells than a token lasts."""
    token = AccessToken(access_token)
    token.set_exp(lifetime=timedelta(days=1))
    return str(token)


def _playback_link(session: TherapySession, person: User) -> str:
    sign_in = AuthSession.objects.filter(user=person, kind="device").latest("id")
    return new_link(session, by=Actor(user=person, auth_session=sign_in))[0]


def _csrf() -> str:
    client = Client()
    client.get("/sign-in")
    return str(client.cookies[settings.CSRF_COOKIE_NAME].value)


def _with_password_alone(person: User) -> dict[str, str]:
    client = Client()
    answer = client.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/second-factor", answer.headers
    return _jar(client)


def _browser(person: User, has_factor: bool) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    if has_factor:
        AuthSession.objects.filter(pk=client.session["sid"]).update(
            second_factor_at=timezone.now(), factor_used_at=timezone.now()
        )
    return _jar(client)


def _jar(client: Any) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items() if morsel.value}
