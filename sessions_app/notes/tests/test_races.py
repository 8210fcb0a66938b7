"""Eight devices at once: a note is signed once, and no text that is refused is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from sessions_app.models import SessionNote
from sessions_app.notes.services import writing
from sessions_app.notes.tests.notes import access_of, begin, drafted_session
from sessions_app.pipeline.note_templates.content import Content

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES = 8
Api = Callable[[User], APIClient]
Ask = Callable[[APIClient, int], Any]


@pytest.fixture
def note(therapist: User, patient: User) -> SessionNote:
    """A note at its second revision, whose required field is filled."""
    begun = begin(drafted_session(therapist, patient))
    access = access_of(begun.session)
    return writing.save_note(begun, {"subjective": "Sleeps badly."}, 1, access=access).note


@pytest.fixture
def at_once(api_for: Api, therapist: User) -> Callable[[Ask], list[Any]]:
    """Sends the request of each of eight devices at the same time; their responses, in order."""
    devices = [api_for(therapist) for _ in range(DEVICES)]

    def ask_all(ask: Ask) -> list[Any]:
        ready = Barrier(DEVICES)

        def one(number: int) -> Any:
            try:
                ready.wait(10)
                return ask(devices[number], number)
            finally:
                connection.close()

        with ThreadPoolExecutor(DEVICES) as pool:
            return list(pool.map(one, range(DEVICES)))

    return ask_all


def test_of_eight_signings_one_succeeds(at_once, note):
    address, headers = f"/api/v1/notes/{note.pk}/sign", {"If-Match": '"2"'}
    answers = at_once(lambda device, _: device.post(address, headers=headers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"note_signed"}
    assert note.signatures.get().role == "author"
    assert note.versions.filter(cause="signed").count() == 1
    assert SessionNote.objects.get(pk=note.pk).status == "signed"


def test_of_eight_texts_for_one_field_seven_are_kept_as_versions(at_once, note):
    address = f"/api/v1/notes/{note.pk}"

    def save(device: APIClient, number: int) -> Any:
        body = {"fields": {"assessment": f"text {number}"}}
        return device.patch(address, body, format="json", headers={"If-Match": f'"{1 + number % 2}"'})

    answers = at_once(save)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    stands = Content.from_json(SessionNote.objects.get(pk=note.pk).content).values["assessment"]
    kept = {
        Content.from_json(version.content).values["assessment"] for version in note.versions.filter(cause="conflict")
    }
    assert kept | {stands} == {f"text {number}" for number in range(DEVICES)}
    assert {answer.json()["conflict"]["fields"]["assessment"] for answer in answers if answer.status_code == 409} == {
        stands
    }
