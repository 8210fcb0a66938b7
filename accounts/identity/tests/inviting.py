"""Inviting a patient, as their therapist does in the browser."""

from django.http import HttpResponse
from django.test import Client

from accounts.models import User

# Good enough a password for whoever joins.
GOOD = "three green bicycles"


def page_of(patient: User) -> str:
    return f"/patients/{patient.pk}/invite"


def invite(client: Client, patient: User, email: str = "canary@example.org") -> HttpResponse:
    return client.post(page_of(patient), {"email": email})
