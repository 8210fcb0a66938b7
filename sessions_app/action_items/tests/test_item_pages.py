"""Action items on pages: of the patient, of the session, of their own, and in the portal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import BreakGlassFactory, TherapistFactory, access_for
from audit.models import AuditEvent
from sessions_app.action_items.services.changes import change_item
from sessions_app.models import ActionItem, TherapySession
from sessions_app.notes.services.summaries import approve_summary

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


def text(client: Client, url: str, **query: Any) -> str:
    return client.get(url, query).content.decode()


@pytest.mark.parametrize(
    ("origin", "place"),
    [
        ("patient", "/patients/{patient}"),
        ("list", "/patients/{patient}/action-items"),
        ("session", "/sessions/{session}#agreed"),
    ],
)
def test_done_ticks_it_off_and_leads_back(
    client_for: ClientFor, therapist: User, item: ActionItem, origin: str, place: str
) -> None:
    answer = client_for(therapist).post(f"/action-items/{item.pk}/done", {"revision": 1, "from": origin})
    assert answer.headers["Location"] == place.format(patient=item.patient_id, session=item.session_id)
    item.refresh_from_db()
    assert (item.status, item.changed_by) == ("completed", therapist)


def test_an_older_page_does_not_tick_off_what_somebody_dropped(
    client_for: ClientFor, therapist: User, item: ActionItem
) -> None:
    browser = client_for(therapist)
    browser.post(
        f"/action-items/{item.pk}/change",
        {"revision": 1, "status": "abandoned", "assigned_to": "patient", "reason": "No."},
    )
    answer = browser.post(f"/action-items/{item.pk}/done", {"revision": 1}, follow=True)
    assert f"{therapist.full_name} changed this action item on" in answer.content.decode()
    item.refresh_from_db()
    assert item.status == "abandoned"


def test_a_form_without_a_reason_is_shown_again(client_for: ClientFor, therapist: User, item: ActionItem) -> None:
    given = {"revision": 1, "status": "abandoned", "assigned_to": "therapist", "reason": ""}
    answer = client_for(therapist).post(f"/action-items/{item.pk}/change", given)
    assert (answer.status_code, "Say why it is dropped" in answer.content.decode()) == (422, True)


def test_a_refused_change_builds_on_what_stands_now(client_for: ClientFor, therapist: User, item: ActionItem) -> None:
    browser, path = client_for(therapist), f"/action-items/{item.pk}/change"
    given = {"revision": 1, "status": "in_progress", "assigned_to": "patient"}
    browser.post(path, given)
    refused = browser.post(path, given)
    assert refused.status_code == 422
    assert 'name="revision" value="2"' in refused.content.decode()
    read = AuditEvent.objects.filter(action="action_item.read", target_id=item.pk)
    assert read.count() == 1, "the page shows the item"


def test_what_is_done_leaves_the_patients_page_and_stays_in_the_list(
    client_for: ClientFor, therapist: User, item: ActionItem
) -> None:
    browser, place = client_for(therapist), f"/patients/{item.patient_id}"
    assert item.task in text(browser, place)
    browser.post(f"/action-items/{item.pk}/done", {"revision": 1})
    assert item.task not in text(browser, place)
    assert item.task in text(browser, f"{place}/action-items")
    assert item.task not in text(browser, f"{place}/action-items", status="open")


def test_in_an_emergency_items_are_read_and_not_changed(client_for: ClientFor, patient: User, item: ActionItem) -> None:
    helper = TherapistFactory(clinic=patient.clinic)
    BreakGlassFactory(patient=patient, therapist=helper)
    page = text(client_for(helper), f"/patients/{patient.pk}/action-items")
    assert item.task in page
    assert f"/action-items/{item.pk}/done" not in page
    assert "Change it" not in text(client_for(helper), f"/action-items/{item.pk}")


def test_before_sharing_the_therapist_sees_which_steps_go_along(
    client_for: ClientFor, therapist: User, session: TherapySession, item: ActionItem
) -> None:
    shown = client_for(therapist).get(session.get_absolute_url())
    assert (shown.context["tellable_items"], shown.context["told_items"]) == ([item], [])
    assert "Shared with it, under “What we agreed”" in shown.content.decode()
    approve_summary(session, "We met.", items=[item.pk], access=access_for(therapist, session.patient))
    assert client_for(therapist).get(session.get_absolute_url()).context["told_items"] == [item]


def test_the_portal_says_what_was_agreed_once_the_summary_is_shared(
    client_for: ClientFor, therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    portal, access = client_for(patient), access_for(therapist, patient)
    summary = session.summary
    assert item.task not in text(portal, "/portal") + text(portal, "/portal/agreed")
    approve_summary(session, "We met.", items=[item.pk], access=access)
    for page in ("/portal", "/portal/agreed", f"/portal/summaries/{summary.pk}"):
        assert item.task in text(portal, page)
    client_for(therapist).post(f"/action-items/{item.pk}/done", {"revision": 1})
    assert item.task not in text(portal, "/portal")
    assert "Done" in text(portal, "/portal/agreed")


def test_why_it_was_dropped_is_still_read_after_it_is_opened_again(
    client_for: ClientFor, therapist: User, item: ActionItem
) -> None:
    browser, access = client_for(therapist), access_for(therapist, item.patient)
    for status, reason in (("abandoned", "Too hard."), ("assigned", ""), ("completed", ""), ("assigned", "")):
        item.refresh_from_db()
        change_item(item, revision=item.revision, access=access, status=status, reason=reason)
    kept = [(closing.status, closing.reason, closing.closed_by) for closing in item.closings.all()]
    assert kept == [("completed", None, therapist), ("abandoned", "Too hard.", therapist)]
    page = text(browser, f"/action-items/{item.pk}")
    assert "Why it was dropped: Too hard." in page
    assert page.count(f"by {therapist.full_name}, and opened again later") == 2
