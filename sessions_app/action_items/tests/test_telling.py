"""Which action items patients are told of: those that the therapist read when sharing, as long as they may be read."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.action_items.services.changes import change_item
from sessions_app.action_items.services.telling import show_item
from sessions_app.action_items.tests.test_drafted import TASK, redraft, statement
from sessions_app.models import ActionItem, Extraction, TherapySession
from sessions_app.notes.services.decisions import decide_statement
from sessions_app.notes.services.summaries import approve_summary, draft_summary, withdraw_summary
from therapybridge.core.errors import Conflict

pytestmark = pytest.mark.django_db
FLAG = {"type": "crisis", "severity": "high", "source": "rule", "speaker": "patient", "start": None}


def told(patient: User) -> list[str]:
    return [item.task for item in ActionItem.objects.told_to(patient).order_by("id")]


def add(session: TherapySession, task: str = "Call the doctor", **fields: Any) -> ActionItem:
    shown = {"is_for_patient": True, "statement": f"action_items-{uuid4().hex[:8]}"} | fields
    item: ActionItem = session.action_items.create(patient=session.patient, task=task, **shown)
    return item


def share(session: TherapySession, therapist: User, *items: ActionItem) -> None:
    access = access_for(therapist, session.patient)
    approve_summary(session, "We met.", items=[item.pk for item in items], access=access)


def flag_lines(session: TherapySession, *segments: int) -> None:
    latest = Extraction.objects.filter(session=session).latest("version")
    latest.notes["risk_flags"] = [FLAG | {"evidence": {"segments": list(segments), "quote": "x"}}]
    latest.save()


def test_what_was_added_after_the_page_was_read_is_not_told(
    client_for: Callable[[User], Client], therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    browser = client_for(therapist)
    page = browser.get(f"{session.get_absolute_url()}?show=patient")
    assert f'name="items" value="{item.pk}"' in page.content.decode()
    add(session)
    browser.post(f"{session.get_absolute_url()}/summary", {"text": "We met.", "items": [str(item.pk)]})
    assert told(patient) == [TASK]


def test_what_was_dropped_after_the_page_was_read_stops_the_sharing(
    client_for: Callable[[User], Client], therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    access = access_for(therapist, patient)
    change_item(item, revision=1, access=access, status="abandoned", reason="No.")
    refused = client_for(therapist).post(
        f"{session.get_absolute_url()}/summary", {"text": "We met.", "items": [str(item.pk)]}
    )
    assert (refused.status_code, "has changed since you read it" in refused.content.decode()) == (422, True)
    session.summary.refresh_from_db()
    assert session.summary.status == "draft"


@pytest.mark.parametrize("given", [["no id"], [str(uuid4())] * 101], ids=["no id", "too many"])
def test_a_damaged_form_shares_nothing(
    client_for: Callable[[User], Client], therapist: User, session: TherapySession, given: list[str]
) -> None:
    sent = {"text": "We met.", "items": given}
    answer = client_for(therapist).post(f"{session.get_absolute_url()}/summary", sent)
    session.summary.refresh_from_db()
    assert (answer.status_code, session.summary.status) == (422, "draft")


def test_the_api_tells_what_is_named_and_takes_back_the_rest(
    api_for: Callable[[User], Any], therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    api, path = api_for(therapist), f"/api/v1/sessions/{session.pk}/approve-summary"
    later = add(session)
    assert api.post(path, {"text": "We met.", "items": [str(item.pk)]}, format="json").status_code == 200
    assert told(patient) == [TASK]
    assert api.post(path, {"items": [str(later.pk)]}, format="json").status_code == 200
    assert told(patient) == ["Call the doctor"]
    assert api.post(path, {}, format="json").status_code == 200
    assert told(patient) == []


def test_only_items_of_the_session_that_are_for_the_patient_may_be_named(
    api_for: Callable[[User], Any], therapist: User, session: TherapySession
) -> None:
    api, path = api_for(therapist), f"/api/v1/sessions/{session.pk}/approve-summary"
    elsewhere = TherapySession.objects.create(
        patient=session.patient, therapist=therapist, clinic=session.clinic, session_date=session.session_date
    )
    for one in (add(session, is_for_patient=False), add(elsewhere)):
        refused = api.post(path, {"text": "We met.", "items": [str(one.pk)]}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (409, "items_changed")
    assert not ActionItem.objects.filter(told_at__isnull=False).exists()
    assert api.post(path, {"items": [str(uuid4())] * 101}, format="json").status_code == 400


def test_what_an_item_tells_is_not_drafted_into_the_text_too(session: TherapySession, item: ActionItem) -> None:
    latest = Extraction.objects.get(session=session)
    said = ["You spoke about sleep.", "We agreed that you will write down one worry each evening before you go to bed."]
    latest.notes["patient_summary"]["statements"] = [
        {"id": f"patient_summary-{at}", "text": text, "state": "supported", "reason": "", "evidence": {"segments": [2]}}
        for at, text in enumerate(said)
    ]
    latest.save()
    draft_summary(session.pk, latest)
    session.summary.refresh_from_db()
    assert session.summary.text == said[0]
    item.is_for_patient = False
    item.save()
    draft_summary(session.pk, latest)
    session.summary.refresh_from_db()
    assert session.summary.text == " ".join(said), "nobody else tells it then"


def test_a_redraft_neither_tells_what_was_withheld_nor_shows_it_again(
    therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    share(session, therapist, item)
    notes = Extraction.objects.get(session=session).notes
    flag_lines(session, 2)
    redraft(session, statement())
    assert told(patient) == []
    latest = Extraction.objects.filter(session=session).latest("version")
    latest.notes["risk_flags"] = notes["risk_flags"]
    latest.save()
    redraft(session, statement())
    item.refresh_from_db()
    assert (item.is_for_patient, told(patient)) == (False, [])


def test_a_told_item_that_a_draft_leaves_out_is_hidden_once_its_lines_are_about_risk(
    therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    share(session, therapist, item)
    flag_lines(session, 2)
    redraft(session)
    assert (session.action_items.get().pk, told(patient)) == (item.pk, [])


def test_what_a_therapist_deletes_from_the_draft_is_told_no_more(
    therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    share(session, therapist, item)
    draft = redraft(session, statement(state="check"))
    assert told(patient) == [TASK]
    decide_statement(session, "action_items-0", "deleted", draft.version, access=access_for(therapist, patient))
    assert (session.action_items.get().pk, told(patient)) == (item.pk, [])


def test_withdrawn_and_redrafted_it_is_still_known_and_not_shown(
    therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    share(session, therapist, item)
    withdraw_summary(session, access=access_for(therapist, patient))
    redraft(session, input_hash="another transcript")
    kept = session.action_items.get()
    assert (kept.pk, kept.told_at is not None, told(patient)) == (item.pk, True, [])


@pytest.mark.parametrize(("is_named", "shown"), [(True, [TASK]), (False, [])])
def test_an_item_opened_again_is_shown_only_if_it_was_shared_before(
    therapist: User, patient: User, session: TherapySession, item: ActionItem, is_named: bool, shown: list[str]
) -> None:
    access = access_for(therapist, patient)
    if is_named:
        share(session, therapist, item)
    item = change_item(item, revision=1, access=access, status="abandoned", reason="No.")
    if not is_named:
        share(session, therapist)
    assert told(patient) == []
    change_item(item, revision=2, access=access, status="assigned")
    assert told(patient) == shown


def test_all_of_one_session_are_shown(
    client_for: Callable[[User], Client], therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    items = [item, *(add(session, f"Step {number}") for number in range(45))]
    share(session, therapist, *items)
    page = client_for(therapist).get(session.get_absolute_url())
    assert page.context["action_items"] == page.context["told_items"] == items
    read = client_for(patient).get(f"/portal/summaries/{session.summary.pk}")
    assert len(read.context["agreed"]) == 46


def test_what_patients_read_before_it_was_stamped_stays_told(
    therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    add(session, "About risk", is_for_patient=False)
    share(session, therapist)
    add(session, "Later")
    import_module("sessions_app.migrations.0032_tell_items").stamp_what_was_told(apps, None)
    session.summary.refresh_from_db()
    item.refresh_from_db()
    assert (told(patient), item.told_at) == ([TASK], session.summary.approved_at)
    assert session.action_items.filter(told_at__isnull=False).count() == 1


def test_one_item_that_changed_stops_all(therapist: User, session: TherapySession, item: ActionItem) -> None:
    gone = add(session)
    ActionItem.objects.filter(pk=gone.pk).delete()
    gone.pk = uuid4()
    with pytest.raises(Conflict):
        share(session, therapist, item, gone)
    item.refresh_from_db()
    assert item.told_at is None


def withheld(session: TherapySession, item: ActionItem, therapist: User) -> dict[str, Any]:
    """Told, then withheld because of its lines; returns the notes without the flag."""
    share(session, therapist, item)
    notes: dict[str, Any] = Extraction.objects.get(session=session).notes
    flag_lines(session, 2)
    redraft(session, statement())
    item.refresh_from_db()
    return notes


def test_what_is_about_risk_stays_withheld_whoever_asks(
    client_for: Callable[[User], Client], therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    withheld(session, item, therapist)
    browser = client_for(therapist)
    page = browser.get(item.get_absolute_url()).content.decode()
    assert ("it comes from lines listed as possible risk" in page, "/show" in page) == (True, False)
    with pytest.raises(Conflict):
        show_item(item, revision=item.revision, access=access_for(therapist, patient))
    assert told(patient) == []


def test_a_therapist_can_show_again_what_is_no_longer_about_risk(
    client_for: Callable[[User], Client], therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    notes = withheld(session, item, therapist)
    latest = Extraction.objects.filter(session=session).latest("version")
    latest.notes["risk_flags"] = notes["risk_flags"]
    latest.save()
    browser, url = client_for(therapist), item.get_absolute_url()
    page = browser.get(url).content.decode()
    assert ("it stays withheld until you decide otherwise" in page, "reads it at once" in page) == (True, True)
    answer = browser.post(f"{url}/show", {"revision": item.revision}, follow=True)
    assert "reads it in the portal, with the summary of this session" in answer.content.decode()
    assert told(patient) == [TASK]
    redraft(session, statement())
    assert told(patient) == [TASK], "a redraft leaves the decision"


def test_what_was_deleted_from_the_draft_cannot_be_shown(
    therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    share(session, therapist, item)
    access = access_for(therapist, patient)
    draft = redraft(session, statement(state="check"))
    decide_statement(session, "action_items-0", "deleted", draft.version, access=access)
    item.refresh_from_db()
    with pytest.raises(Conflict):
        show_item(item, revision=item.revision, access=access)
