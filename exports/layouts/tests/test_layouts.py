"""A clinic's layouts: who changes them, what may be in them, and what a document takes from one."""

from typing import Any

import pytest

from accounts.models import User
from audit.models import AuditEvent
from exports.layouts import services
from exports.layouts.models import ExportLayout
from exports.records.record import Layout
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, EditConflict, InvalidInput

pytestmark = pytest.mark.django_db
PLACES = {"place_overview": "0", "place_notes": "1", "place_summaries": "3", "place_action_items": "2"}


@pytest.fixture
def by(therapist: User) -> Actor:
    return Actor(user=therapist)


@pytest.fixture
def layout(by: Actor) -> ExportLayout:
    return services.create_layout(by=by, name="For courts", letterhead="1 Harbour Road")


def test_a_new_layout_holds_every_part_and_is_audited(layout: ExportLayout) -> None:
    assert layout.parts == ["overview", "notes", "summaries", "action_items"]
    assert AuditEvent.objects.filter(action="export_layout.created", target_id=layout.pk).count() == 1


@pytest.mark.parametrize("parts", [["notes", "notes"], ["overview"], [], ["notes", "signatures"]])
def test_parts_are_known_named_once_and_hold_the_notes(by: Actor, parts: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.create_layout(by=by, name="Odd", parts=parts)
    assert set(refused.value.errors or {}) == {"parts"}


def test_a_name_is_given_once_in_a_clinic_whatever_the_case(layout: ExportLayout, by: Actor) -> None:
    with pytest.raises(InvalidInput):
        services.create_layout(by=by, name="FOR COURTS")
    other = services.create_layout(by=by, name="For payers")
    with pytest.raises(InvalidInput):
        services.change_layout(other, revision=1, by=by, name="for courts")


def test_a_change_on_top_of_an_older_one_says_who_changed_it(layout: ExportLayout, by: Actor) -> None:
    services.change_layout(layout, revision=1, by=by, letterhead="2 Harbour Road")
    with pytest.raises(EditConflict) as refused:
        services.change_layout(layout, revision=1, by=by, letterhead="3 Harbour Road")
    assert refused.value.extensions["change"]["by"] == by.user.full_name  # type: ignore[index]
    with pytest.raises(EditConflict):
        services.delete_layout(layout, revision=1, by=by)
    assert ExportLayout.objects.get().letterhead == "2 Harbour Road"


def test_there_are_only_so_many(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_LAYOUTS", 1)
    services.create_layout(by=by, name="One")
    with pytest.raises(Conflict) as refused:
        services.create_layout(by=by, name="Two")
    assert refused.value.code == "too_many"


def test_a_document_takes_the_layout_of_its_clinic_and_the_usual_one_without(layout: ExportLayout, by: Actor) -> None:
    taken = services.layout_for(layout.clinic_id, str(layout.pk))
    assert taken.letterhead == "1 Harbour Road"
    assert services.layout_for(layout.clinic_id, None) == Layout()
    assert services.layout_for(layout.pk, str(layout.pk)) == Layout()  # of another clinic
    services.delete_layout(layout, revision=1, by=by)
    assert services.layout_for(layout.clinic_id, str(layout.pk)) == Layout()


def test_the_page_keeps_the_order_that_was_chosen(client_for: Any, by: Actor) -> None:
    page = client_for(by.user)
    page.post("/export-layouts/new", {"name": "Short", "is_newest_first": "on", **PLACES})
    made = ExportLayout.objects.get()
    assert (made.parts, made.is_newest_first, made.shows_empty_fields) == (
        ["notes", "action_items", "summaries"],
        True,
        False,
    )
    again = page.post("/export-layouts/new", {"name": "Odd", **PLACES, "place_summaries": "1"})
    assert again.status_code == 422
    assert "Give each part a place of its own." in again.content.decode()


def test_a_page_that_was_open_too_long_shows_what_stands_there_now(client_for: Any, by: Actor) -> None:
    layout = services.create_layout(by=by, name="Usual")
    services.change_layout(layout, revision=1, by=by, letterhead="New")
    answer = client_for(by.user).post(f"/export-layouts/{layout.pk}", {"name": "Mine", "revision": "1", **PLACES})
    assert answer.status_code == 422
    assert by.user.full_name in answer.content.decode()
    assert ExportLayout.objects.get().name == "Usual"


def test_the_api_needs_the_revision_that_was_read(api_for: Any, layout: ExportLayout, by: Actor) -> None:
    api_client = api_for(by.user)
    path = f"/api/v1/export-layouts/{layout.pk}"
    assert api_client.patch(path, {"name": "Mine"}, format="json").status_code == 428
    changed = api_client.patch(path, {"name": "Mine"}, format="json", headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert api_client.delete(path, headers={"If-Match": '"1"'}).status_code == 409
    assert api_client.delete(path, headers={"If-Match": '"2"'}).status_code == 204
