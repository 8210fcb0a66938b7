"""Slots: what apps of higher floors show on pages of lower ones."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import User
from therapybridge.core.pages import slots
from therapybridge.core.pages.slots import Filling, fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo a test's declarations."""
    monkeypatch.setattr(slots, "_declared", [])


def shown(user: User, text: str) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template(text).render(Context({"request": request}))


def test_a_slot_is_a_link_that_scripts_replace_for_those_who_get_it(therapist: User, patient: User) -> None:
    fill(Filling("here", "today", "Today", (User.Role.THERAPIST,)))
    fill(Filling("here", "today", "Today", (User.Role.THERAPIST,)))
    page = shown(therapist, '{% slot "here" %}')
    assert page.count('hx-get="/today"') == 1
    assert '<a href="/today">Today</a>' in page
    assert shown(patient, '{% slot "here" %}').strip() == ""
    assert shown(therapist, '{% slot "there" %}').strip() == ""


def test_a_slot_about_a_row_passes_its_key(therapist: User) -> None:
    fill(Filling("patient", "patients:detail", "Story", (User.Role.THERAPIST,)))
    assert f'href="/patients/{therapist.pk}"' in shown(therapist, f'{{% slot "patient" "{therapist.pk}" %}}')
