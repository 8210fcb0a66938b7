"""Sharing has two ends: summaries are shared, declined and withdrawn, and patients read each of them in full."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.emails import emails
from accounts.tests.factories import CareFactory, access_for
from audit.models import AuditEvent
from audit.states import InvalidTransition
from sessions_app.conftest import WHEN
from sessions_app.models import PatientSummary, TherapySession
from sessions_app.notes.services import summaries
from sessions_app.notes.tests.notes import drafted_session
from therapybridge.core.errors import Conflict, InvalidInput

pytestmark = pytest.mark.django_db
TEXT = "You spoke about sleep."


def make_session(patient, therapist, day=0):
    """A processed session with a number."""
    held = {"patient": patient, "therapist": therapist, "clinic": patient.clinic, "status": "processed"}
    session = TherapySession.objects.create(session_date=WHEN + timedelta(days=day), processed_at=WHEN, **held)
    with transaction.atomic():
        TherapySession.objects.renumber(patient.pk)
    session.refresh_from_db()
    return session


@pytest.fixture
def session(therapist, patient):
    session = make_session(patient, therapist)
    PatientSummary.objects.create(session=session, text=TEXT)
    return session


@pytest.fixture
def access(session, therapist):
    return access_for(therapist, session.patient)


def share_another(patient, therapist, day, text):
    session = make_session(patient, therapist, day=day)
    return PatientSummary.objects.create(session=session, text=text, status="shared", approved_at=timezone.now())


def actions():
    rows = AuditEvent.objects.filter(action__startswith="summary.").order_by("id")
    return list(rows.values_list("action", flat=True))


def version_in(page):
    (version,) = set(re.findall(r'name="version" value="([^"]+)"', page))
    return version


def post(client, session, what, **fields):
    return client.post(f"{session.get_absolute_url()}/summary{what}", fields)


def test_a_summary_is_declined_shared_after_all_and_withdrawn(session, access):
    summary = summaries.decline_summary(session, access=access)
    assert (summary.status, summary.approved_at, summary.changed_by) == ("declined", None, access.user)
    summary = summaries.approve_summary(session, None, access=access)
    assert (summary.status, summary.text, summary.withdrawn_at) == ("shared", TEXT, None)
    summary = summaries.withdraw_summary(session, access=access)
    assert (summary.status, summary.text, summary.approved_at) == ("withdrawn", TEXT, None)
    assert summary.withdrawn_at == summary.updated_at
    assert actions() == ["summary.declined", "summary.approved", "summary.withdrawn"]
    assert AuditEvent.objects.get(action="summary.withdrawn").patient_id == session.patient_id


@pytest.mark.parametrize("before", ["shared", "declined", "withdrawn"])
def test_only_a_draft_is_declined(session, access, before):
    reach(session, access, before)
    with pytest.raises(Conflict) as refused:
        summaries.decline_summary(session, access=access)
    assert refused.value.code == "not_declinable"


@pytest.mark.parametrize("before", ["draft", "declined", "withdrawn"])
def test_only_a_shared_summary_is_withdrawn(session, access, before):
    reach(session, access, before)
    with pytest.raises(Conflict) as refused:
        summaries.withdraw_summary(session, access=access)
    assert refused.value.code == "not_shared"


def reach(session, access, status):
    steps = {
        "draft": [],
        "shared": [summaries.approve_summary],
        "declined": [summaries.decline_summary],
        "withdrawn": [summaries.approve_summary, summaries.withdraw_summary],
    }
    arguments = {summaries.approve_summary: (None,)}
    for step in steps[status]:
        step(session, *arguments.get(step, ()), access=access)


def test_declining_keeps_what_was_typed_and_needs_no_text(session, access):
    assert summaries.decline_summary(session, "My words.", access=access).text == "My words."
    PatientSummary.objects.update(status="draft")
    assert summaries.decline_summary(session, "", access=access).text == ""
    with pytest.raises(InvalidInput):
        summaries.approve_summary(session, None, access=access)


def test_the_row_moves_as_listed_and_the_database_holds_to_it(session):
    summary = PatientSummary.objects.get()
    with pytest.raises(InvalidTransition):
        summary.move_to("withdrawn")
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientSummary.objects.update(status="shared")
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientSummary.objects.update(status="withdrawn", approved_at=timezone.now())
    with pytest.raises((TypeError, FieldError)):
        PatientSummary.objects.update(text="plain")


def test_the_patient_is_told_of_news_once_and_of_nothing_clinical(session, access):
    session.patient.email = "somebody@example.org"
    summaries.approve_summary(session, None, access=access)
    summaries.approve_summary(session, "Another text.", access=access)
    summaries.withdraw_summary(session, access=access)
    (told,) = emails("summary_shared")
    assert told.to == session.patient.email
    assert "sleep" not in told.text
    assert f"/portal/summaries/{PatientSummary.objects.get().pk}" in told.text


@pytest.mark.parametrize(("text", "hours", "written"), [(None, 1, 1), (None, 25, 2), ("A new text.", 1, 2)])
def test_the_same_text_is_told_of_once_a_day(session, access, text, hours, written):
    session.patient.email = "somebody@example.org"
    with time_machine.travel(WHEN, tick=False) as clock:
        summaries.approve_summary(session, TEXT, access=access)
        summaries.withdraw_summary(session, access=access)
        summaries.approve_summary(session, None, access=access)
        assert len(emails("summary_shared")) == 1
        clock.shift(timedelta(hours=hours))
        summaries.withdraw_summary(session, access=access)
        summaries.approve_summary(session, text, access=access)
    assert len(emails("summary_shared")) == written


def test_a_text_that_replaced_one_is_news_after_a_withdrawal(session, access):
    session.patient.email = "somebody@example.org"
    summaries.approve_summary(session, TEXT, access=access)
    summaries.approve_summary(session, "Another text.", access=access)
    summaries.withdraw_summary(session, access=access)
    summaries.approve_summary(session, None, access=access)
    assert len(emails("summary_shared")) == 2


def test_declining_tells_the_patient_nothing(session, access):
    summaries.decline_summary(session, access=access)
    assert emails("summary_shared") == []


def test_a_declined_summary_waits_for_nobody_and_says_so(browser, session):
    assert "Summary to review" in browser.get("/today").content.decode()
    assert post(browser, session, "/decline", text=TEXT).status_code == 302
    assert "Summary to review" not in browser.get("/today").content.decode()
    assert "to review" not in browser.get("/patients").content.decode().replace("To review", "")
    assert list(browser.get("/sessions?status=to_review").context["page"]) == []
    assert list(browser.get("/sessions?status=kept_back").context["page"]) == [session]
    page = browser.get(session.get_absolute_url()).content.decode()
    assert "sees nothing of it" in page
    assert "Share it after all" in page
    assert "Review summary" not in page


def test_an_older_tab_is_told_who_declined_and_keeps_its_text(browser, client_for, session, other_therapist):
    CareFactory(therapist=other_therapist, patient=session.patient)
    version = version_in(browser.get(session.get_absolute_url()).content.decode())
    assert post(client_for(other_therapist), session, "/decline", text=TEXT, version=version).status_code == 302
    answer = post(browser, session, "", text="My own words.", version=version)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf"{other_therapist.full_name} decided on <time[^>]*>[^<]+</time> not to share this text", page)
    assert "My own words.</textarea>" in page
    assert PatientSummary.objects.get().status == "declined"
    assert post(browser, session, "", text="My own words.", version=version_in(page)).status_code == 302
    assert PatientSummary.objects.get().text == "My own words."


def test_an_older_tab_that_declines_loses_no_text_either(browser, client_for, session, other_therapist):
    CareFactory(therapist=other_therapist, patient=session.patient)
    version = version_in(browser.get(session.get_absolute_url()).content.decode())
    post(client_for(other_therapist), session, "", text="Shared words.", version=version)
    answer = post(browser, session, "/decline", text="My own words.", version=version)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{other_therapist.full_name} shared this text" in page
    assert "My own words.</textarea>" in page
    assert PatientSummary.objects.get().text == "Shared words."


def test_an_older_tab_withdraws_nothing_that_it_does_not_show(browser, client_for, session, other_therapist, access):
    CareFactory(therapist=other_therapist, patient=session.patient)
    summaries.approve_summary(session, None, access=access)
    version = version_in(browser.get(session.get_absolute_url()).content.decode())
    post(client_for(other_therapist), session, "", text="Shared words.", version=version)
    page = browser.post(f"{session.get_absolute_url()}/summary/withdraw", {"version": version}, follow=True)
    assert f"{other_therapist.full_name} shared the summary on" in page.content.decode()
    assert PatientSummary.objects.get().status == "shared"
    post(browser, session, "/withdraw", version=version_in(page.content.decode()))
    assert PatientSummary.objects.get().status == "withdrawn"


def test_the_api_says_who_changed_it_and_when(api_for, session, access):
    api, url = api_for(access.user), f"/api/v1/sessions/{session.pk}"
    read = PatientSummary.objects.get().version
    declined = api.post(f"{url}/decline-summary", {"version": read}, format="json").json()
    assert (declined["status"], declined["text"]) == ("declined", TEXT)
    answer = api.post(f"{url}/approve-summary", {"version": read}, format="json")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "summary_changed")
    changed_at = f"{PatientSummary.objects.get().updated_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert problem["change"] == {"status": "declined", "by": access.user.full_name, "at": changed_at}
    shared = api.post(f"{url}/approve-summary", {"version": declined["version"]}, format="json").json()
    assert api.get(url).json()["summary_status"] == shared["status"] == "shared"
    withdrawn = api.post(f"{url}/withdraw-summary", {"version": shared["version"]}, format="json").json()
    assert (withdrawn["status"], withdrawn["approved_at"]) == ("withdrawn", None)
    assert api.post(f"{url}/withdraw-summary", {}, format="json").json()["code"] == "not_shared"


def test_a_redraft_leaves_a_declined_summary_alone(therapist, patient):
    session = drafted_session(therapist, patient)
    access = access_for(therapist, patient)
    summaries.decline_summary(session, "My words.", access=access)
    summaries.draft_summary(session.pk, session.extractions.first())
    summary = PatientSummary.objects.get(session=session)
    assert (summary.status, summary.text) == ("declined", "My words.")


def test_patients_read_every_shared_summary_in_full(client_for, api_for, therapist, patient):
    long = "You spoke about sleep and the flat. " * 20
    older = share_another(patient, therapist, 0, long)
    share_another(patient, therapist, 1, "You rested.")
    client, url = client_for(patient), f"/api/v1/patients/{patient.pk}/summaries"
    page = client.get("/portal/summaries").content.decode()
    assert page.index("You rested.") < page.index("You spoke")
    assert long.strip() not in page
    assert "…" in page
    assert long.strip() in client.get(f"/portal/summaries/{older.pk}").content.decode()
    first, second = api_for(patient).get(url).json()["results"]
    assert (first["excerpt"], second["excerpt"][-1], second["id"]) == ("You rested.", "…", str(older.pk))
    assert api_for(patient).get(f"{url}/{older.pk}").json()["text"] == long
    assert api_for(therapist).get(f"{url}/{older.pk}").json()["text"] == long


def test_the_patient_sees_that_and_when_it_was_withdrawn_and_no_text(client_for, api_for, session, access):
    summary = summaries.approve_summary(session, "canary words", access=access)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        summary = summaries.withdraw_summary(session, access=access)
    client, url = client_for(session.patient), f"/api/v1/patients/{session.patient_id}/summaries"
    for path in ("/portal/summaries", f"/portal/summaries/{summary.pk}"):
        page = client.get(path).content.decode()
        assert "withdrawn" in page.lower()
        assert timezone.localtime(summary.withdrawn_at).strftime("%b %Y") in page
        assert "canary" not in page
    assert "canary" not in client.get("/portal").content.decode()
    told = api_for(session.patient).get(f"{url}/{summary.pk}").json()
    assert (told["status"], told["text"], told["excerpt"], told["shared_at"]) == ("withdrawn", "", "", None)
    assert told["withdrawn_at"] is not None


@pytest.mark.parametrize("status", ["draft", "declined"])
def test_what_was_never_shared_is_not_found(client_for, session, access, status):
    reach(session, access, status)
    client, summary = client_for(session.patient), PatientSummary.objects.get()
    assert client.get(f"/portal/summaries/{summary.pk}").status_code == 404
    assert "No summaries yet" in client.get("/portal/summaries").content.decode()


@pytest.mark.parametrize("gone", [{"deleted_at": timezone.now()}, {"status": "failed"}])
def test_the_summary_of_a_session_that_is_gone_is_gone(client_for, session, access, gone):
    summary = summaries.approve_summary(session, None, access=access)
    TherapySession.objects.update(**gone)
    client = client_for(session.patient)
    assert client.get(f"/portal/summaries/{summary.pk}").status_code == 404
    assert TEXT not in client.get("/portal/summaries").content.decode()


def test_a_long_list_has_pages_and_costs_as_many_queries_as_a_short_one(client_for, api_for, therapist, patient):
    client, api = client_for(patient), api_for(patient)
    reads = {
        "page": lambda: client.get("/portal/summaries"),
        "api": lambda: api.get(f"/api/v1/patients/{patient.pk}/summaries"),
    }

    def cost(read):
        with CaptureQueriesContext(connection) as captured:
            assert read().status_code == 200
        return len([one for one in captured if '"cache"' not in one["sql"]])

    share_another(patient, therapist, 0, "Day 0.")
    few = {name: cost(read) for name, read in reads.items()}
    for day in range(1, 25):
        share_another(patient, therapist, day, f"Day {day}.")
    assert {name: cost(read) for name, read in reads.items()} == few
    first = reads["page"]()
    assert len(first.context["page"]) == 20
    rest = client.get(first.context["page"].next_url)
    assert [row.text for row in rest.context["page"]][-1] == "Day 0."
    listed = reads["api"]().json()
    assert len(api.get(listed["next"]).json()["results"]) == 5
