"""Which drafts give action items, and what a redraft does to those that are there."""

from collections.abc import Mapping
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.action_items.services.changes import change_item
from sessions_app.action_items.services.drafted import follow_draft
from sessions_app.conftest import work_off
from sessions_app.models import ActionItem, Extraction, TherapySession
from sessions_app.notes.services.decisions import decide_statement
from sessions_app.notes.services.summaries import approve_summary
from sessions_app.processing.services.control import redraft_notes
from sessions_app.services import speakers

pytestmark = pytest.mark.django_db
TASK = "Write down one worry each evening before you go to bed"


def statement(at: int = 0, task: str = TASK, state: str = "supported", segments: Any = (2,)) -> dict[str, Any]:
    evidence = {"segments": list(segments), "quote": ""}
    judged = {"id": f"action_items-{at}", "state": state, "reason": "" if state == "supported" else "content"}
    return {"task": task, "category": "homework", "details": "", "evidence": evidence} | judged


def redraft(session: TherapySession, *stated: Mapping[str, Any], input_hash: str | None = None) -> Extraction:
    """Another draft of the same transcript, unless it says otherwise."""
    latest = Extraction.objects.filter(session=session).latest("version")
    draft = Extraction(
        session=session,
        version=latest.version + 1,
        engine="test",
        input_hash=input_hash or latest.input_hash,
        notes=latest.notes | {"action_items": list(stated)},
    )
    draft.save()
    with session.locked():
        follow_draft(draft)
    return draft


def tasks(session: TherapySession) -> list[str]:
    return [item.task for item in session.action_items.order_by("id")]


def close(item: ActionItem, therapist: User) -> ActionItem:
    access = access_for(therapist, item.patient)
    return change_item(item, revision=item.revision, access=access, status="completed")


def test_a_supported_statement_gives_one_open_item_for_the_patient(item: ActionItem) -> None:
    assert (item.task, item.status, item.assigned_to) == (TASK, "assigned", "patient")
    assert (item.segments, item.is_for_patient, item.statement) == ([2, 3], True, "action_items-0")


def test_a_statement_to_check_gives_none_until_it_is_kept(session: TherapySession, therapist: User) -> None:
    session.action_items.all().delete()
    draft = redraft(session, statement(task="Call the doctor", state="check"))
    assert tasks(session) == []
    access = access_for(therapist, session.patient)
    decide_statement(session, "action_items-0", "kept", draft.version, access=access)
    assert tasks(session) == ["Call the doctor"]


def test_a_deleted_statement_gives_none(session: TherapySession, therapist: User) -> None:
    session.action_items.all().delete()
    draft = redraft(session, statement(state="check"))
    access = access_for(therapist, session.patient)
    decide_statement(session, "action_items-0", "deleted", draft.version, access=access)
    assert tasks(session) == []


def test_a_redraft_neither_loses_nor_repeats_what_was_ticked(
    session: TherapySession, item: ActionItem, therapist: User
) -> None:
    close(item, therapist)
    redraft_notes(session, access=access_for(therapist, session.patient))
    work_off(session)
    kept = session.action_items.get()
    assert (kept.pk, kept.status, kept.extraction.version) == (item.pk, "completed", 2)


def test_the_same_step_in_other_words_and_at_another_place_is_the_same_item(
    session: TherapySession, item: ActionItem, therapist: User
) -> None:
    close(item, therapist)
    other = statement(task="Call the doctor", segments=(2,))
    redraft(session, other, statement(1, "Each evening, before bed, note one worry", segments=(2, 3)))
    assert tasks(session) == [TASK, "Call the doctor"]
    item.refresh_from_db()
    assert (item.statement, item.status) == ("action_items-1", "completed")


def test_words_that_are_alike_about_other_lines_are_another_item(session: TherapySession) -> None:
    redraft(session, statement(), statement(1, "Write down one worry at work", segments=(9,)))
    assert len(tasks(session)) == 2


def test_a_draft_followed_twice_changes_nothing(session: TherapySession, item: ActionItem) -> None:
    first = redraft(session, statement(0, "Write one worry down"), statement(1, "One worry each evening"))
    held = list(session.action_items.values_list("pk", "statement"))
    with session.locked():
        follow_draft(first)
    assert list(session.action_items.values_list("pk", "statement")) == held
    assert len(held) == 2


def test_an_item_stays_open_though_another_draft_of_the_same_lines_leaves_it_out(session: TherapySession) -> None:
    redraft(session)
    assert tasks(session) == [TASK]


@pytest.mark.parametrize("stated", [[], [statement(state="check")]], ids=["left out", "to check"])
def test_an_untouched_item_goes_with_its_support(session: TherapySession, stated: list[Any]) -> None:
    redraft(session, *stated, input_hash="another transcript")
    assert tasks(session) == []


@pytest.mark.parametrize("stated", [[], [statement(state="check")]], ids=["left out", "to check"])
def test_what_a_person_has_changed_stays(
    session: TherapySession, item: ActionItem, therapist: User, stated: list[Any]
) -> None:
    access = access_for(therapist, session.patient)
    change_item(item, revision=1, access=access, status="abandoned", reason="It made the nights worse.")
    redraft(session, *stated, input_hash="another transcript")
    assert session.action_items.get().status == "abandoned"


def test_what_the_patient_was_told_of_stays(session: TherapySession, item: ActionItem, therapist: User) -> None:
    approve_summary(session, "We met.", items=[item.pk], access=access_for(therapist, session.patient))
    redraft(session, input_hash="another transcript")
    assert tasks(session) == [TASK]


def test_a_swap_of_the_speakers_takes_the_support_away(session: TherapySession, therapist: User) -> None:
    speakers.swap_speakers(session, access=access_for(therapist, session.patient))
    work_off(session)
    stated = Extraction.objects.get(session=session).notes["action_items"]
    assert not [one for one in stated if one["state"] == "supported"]
    assert tasks(session) == []


def test_an_item_from_a_line_about_risk_is_not_for_the_patient(session: TherapySession) -> None:
    latest = Extraction.objects.get(session=session)
    flag = {"type": "crisis", "severity": "high", "source": "rule", "speaker": "patient", "start": None}
    latest.notes["risk_flags"] = [flag | {"evidence": {"segments": [1], "quote": "x"}}]
    latest.save()
    redraft(session, statement(task="Give the pills to your sister", segments=(1,)))
    assert session.action_items.get(statement="action_items-0", extraction__version=2).is_for_patient is False


def test_what_the_therapist_does_is_the_therapists(session: TherapySession) -> None:
    redraft(session, statement(), statement(1, "The therapist sends the worksheet", segments=(3,)))
    assert session.action_items.get(statement="action_items-1").assigned_to == "therapist"
