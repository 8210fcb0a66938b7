"""People and rows for the account pages, in addition to the demonstration clinic."""

import json
from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.authentication.services import passwords
from accounts.care.access import open_grant_to_review, open_own_record, open_record_to_write
from accounts.care.audit_actions import EMERGENCY_REVIEWED, PATIENT_READ
from accounts.care.services import emergency
from accounts.consent.services import decisions
from accounts.identity.services import email_verification
from accounts.identity.services import invitations as invitation_services
from accounts.models import AccessRequest, AuthSession, BreakGlassGrant, Clinic, ConsentRequest, Invitation, User
from accounts.rights.services import requests
from accounts.second_factor.services.factors import secrets_of
from therapybridge.core import links
from therapybridge.core.actor import Actor

LONG = {"first_name": "Maximiliane Friederike", "last_name": "Wolkenstein-Oberndorfer-Montenegro"}
LONG_ADDRESS = "maximiliane.friederike.wolkenstein-oberndorfer@department-of-psychotherapy.example"
WHY = "Brought to the emergency room at night; the ward asks what she takes and whom to call."


def person(name, role, clinic, password, **names):
    user = User(role=role, clinic=clinic, email=f"{name}@demo.example", is_verified=True, password=password)
    user.first_name, user.last_name = names.get("first_name", name.capitalize()), names.get("last_name", "Example")
    user.save()
    return user


def with_app(user):
    """Add an authenticator app, and return recovery codes in plain text."""
    with secrets_of(user.pk):
        totp.TOTP.activate(user, totp.generate_totp_secret())
        return RecoveryCodes.activate(user).generate_codes()


def add_staff(password):
    """Colleagues with and without second factors, one alone in a practice, and patients with nothing to show."""
    clinic = User.objects.get(email="therapist@demo.example").clinic
    practice = Clinic.objects.create(name="Practice Alone", time_zone="Europe/Berlin", show_access_log=False)
    person("alone", "therapist", practice, password, **LONG)
    person("closed", "patient", practice, password)
    person("fresh", "patient", clinic, password)
    person("keys", "therapist", clinic, password)
    for name in ("plain", "passkey", "forgetful"):
        person(name, "therapist", clinic, password)
    people = [person(name, "therapist", clinic, password) for name in ("secured", "codes", "steps")]
    return {user.email: with_app(user) for user in people}


def add_devices(user, now):
    agents = ["TherapyBridge for iPhone 2.1", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/131.0", ""]
    for number, agent in enumerate(agents):
        used = now - timedelta(days=3 * number, hours=2)
        AuthSession.objects.create(
            user=user,
            kind="browser" if "Mozilla" in agent else "device",
            device=agent,
            ip="2001:db8:85a3:8d3:1319:8a2e:370:7348" if number else "192.0.2.7",
            last_used_at=used,
            expires_at=now + timedelta(days=20),
            ends_at=now + timedelta(days=80),
        )


def add_rights(elena, therapist, now):
    """A request in every state, disclosures, and consents of every kind."""
    cache.clear()  # the demonstration's own requests count for this hour's limit
    own = open_own_record(Actor(user=elena), PATIENT_READ)
    access = open_record_to_write(Actor(user=therapist), elena.pk, PATIENT_READ)
    asked = [requests.create_access_request(own, kind=kind) for kind in ("view", "download", "correct", "delete")]
    late = "In the note of 3 March it says that I live alone. That is not so any more."
    requests.create_access_request(own, kind="correct", details=late)
    AccessRequest.objects.filter(details__isnull=False).update(due_at=now - timedelta(days=2))
    requests.handle_access_request(asked[0], access=access, status="in_progress")
    answer = "Your copy is ready; you can collect it at the front desk from Monday on."
    requests.handle_access_request(asked[1], access=access, status="fulfilled", answer=answer)
    requests.handle_access_request(asked[2], access=access, status="denied", answer="The law asks us to keep it.")
    requests.withdraw_access_request(asked[3], access=own)
    for number, recipient in enumerate(("Dr. Ortiz, family medicine", "Superior Court of the County, Department 7")):
        requests.record_disclosure(
            access,
            recipient=recipient,
            what="Summary of the treatment from January to June",
            why="To go on with the medication" if number == 0 else "",
            basis="authorisation" if number == 0 else "court",
            disclosed_at=now - timedelta(days=40 * (number + 1)),
        )
    decisions.record_consent(access, ["research"], "declined", "verbal")
    ends = now + timedelta(days=90)
    decisions.record_consent(access, ["telehealth"], "granted", "written", expires_at=ends)
    decisions.record_consent(access, ["telehealth"], "revoked", "verbal")


def add_emergencies(elena, colleague, admin, now):
    """Add one reviewed, one overdue and one open emergency access."""
    made, by = [], Actor(user=colleague)
    for reason, days in (("cover", 20), ("danger", 6), ("medical", 0)):
        grant = emergency.open_emergency_access(elena, by=by, reason=reason, justification=WHY, hours=4)
        begun = now - timedelta(days=days)
        BreakGlassGrant.objects.filter(pk=grant.pk).update(
            started_at=begun,
            expires_at=begun + timedelta(hours=4),
            review_due_at=begun + timedelta(hours=72),
            ended_at=begun + timedelta(minutes=50) if days else None,
        )
        made.append(BreakGlassGrant.objects.get(pk=grant.pk))
    access = open_grant_to_review(Actor(user=admin), made[0].pk, EMERGENCY_REVIEWED)
    emergency.review_emergency_access(access, verdict="justified", note="Nobody else was on duty.")
    return [str(grant.pk) for grant in made]


def add_invitations(therapist, now):
    by = Actor(user=therapist)
    for address in ("ruth.adler@colleague.example", "long.gone@colleague.example", LONG_ADDRESS):
        invitation_services.invite_colleague(email=address, role="therapist", by=by)
    sent = list(Invitation.objects.order_by("id"))
    Invitation.objects.filter(pk=sent[0].pk).update(accepted_at=now)
    Invitation.objects.filter(pk=sent[1].pk).update(expires_at=now - timedelta(days=1))
    wrong = "wrong@colleague.example"
    revoked = invitation_services.invite_colleague(email=wrong, role="therapist", by=by)
    invitation_services.revoke_invitation(revoked, by=by)


def invite(therapist, **details):
    """The path of an open invitation; its secret is only in the e-mail."""
    secret, hashed = links.new_secret()
    ends = timezone.now() + timedelta(days=7)
    whose = {"clinic": therapist.clinic, "invited_by": therapist, "token_hash": hashed, "expires_at": ends}
    Invitation.objects.create(email=LONG_ADDRESS, email_index=Invitation.index_of(LONG_ADDRESS), **whose, **details)
    return reverse("accounts:invitation", args=[secret])


def add_links(therapist, elena, maria):
    """Paths of e-mailed links."""
    forgetful = User.objects.get(email="forgetful@demo.example")
    secret, hashed = links.new_secret()
    ends = timezone.now() + timedelta(days=7)
    types = ["recording", "ai_processing", "telehealth"]
    ConsentRequest.objects.create(
        patient=elena, types=types, requested_by=therapist, token_hash=hashed, expires_at=ends
    )
    token = passwords.TOKENS.make_token(forgetful)
    return {
        "invited_colleague": invite(therapist, role="therapist"),
        "invited_patient": invite(therapist, role="patient", patient=maria),
        "verify": reverse("accounts:verify_email", args=[email_verification.token_for(forgetful)]),
        "verify_new": reverse("accounts:verify_email", args=[email_verification.token_for(forgetful, LONG_ADDRESS)]),
        "reset": reverse("accounts:password_reset", args=[forgetful.pk, token]),
        "sign": reverse("accounts:sign", args=[secret]),
    }


def seed(password):
    """Add everything to the demonstration clinic and print where it is."""
    request, now = RequestFactory().post("/"), timezone.now()
    therapist, colleague, admin, elena = (
        User.objects.get(email=f"{name}@demo.example") for name in ("therapist", "therapist2", "admin", "patient")
    )
    maria = User.objects.get(first_name="Maria Fernanda")
    request.user = therapist
    codes = add_staff(make_password(password))
    add_devices(User.objects.get(email="secured@demo.example"), now)
    add_rights(elena, therapist, now)
    judged, overdue, live = add_emergencies(elena, colleague, admin, now)
    add_invitations(therapist, now)
    places = {user.first_name: str(user.pk) for user in User.objects.filter(role="patient", clinic=therapist.clinic)}
    places |= add_links(therapist, elena, maria) | {"judged": judged, "overdue": overdue, "live": live}
    print(json.dumps({"places": places, "codes": codes}))
