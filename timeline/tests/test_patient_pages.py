"""The therapist's patient pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from accounts.tests.factories import AdminFactory, CareFactory, PatientFactory, TherapistFactory, give_consents
from audit.models import AuditEvent
from timeline.contexts.patients import EVENTS_A_PAGE, PATIENTS
from timeline.services.session_events import reconcile_sessions
from timeline.tests.factories import START, agree, approve, draft_summary, make_event, make_events, make_session

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def detail(patient):
    return f"/patients/{patient.pk}"


def listed(client, **query):
    return [row.pk for row in client.get("/patients", query).context["page"]]


def chips(answer):
    return {chip.label: chip for chip in answer.context["filters"]}


def test_the_list_shows_exactly_ones_own_patients(client_for, therapist, patient, foreign_therapist):
    ended = CareFactory(therapist=therapist, is_active=False).patient
    unrelated = PatientFactory(clinic=therapist.clinic)
    answer = client_for(therapist).get("/patients")
    assert [row.pk for row in answer.context["page"]] == [patient.pk]
    page = answer.content.decode()
    assert patient.last_name in page
    assert ended.last_name not in page
    assert unrelated.last_name not in page


def test_the_list_tells_what_is_known_of_each_patient(client_for, therapist, patient):
    draft_summary(make_session(patient, therapist), "waits")
    approve(draft_summary(make_session(patient, therapist, day=2), "approved"))
    make_session(patient, therapist, day=9, status="failed")
    without = CareFactory(therapist=therapist, relationship_type="consulting").patient
    CareFactory(patient=without, therapist=TherapistFactory(clinic=therapist.clinic), relationship_type="supervisor")
    rows = {row.pk: row for row in client_for(therapist).get("/patients").context["page"]}
    known, empty = rows[patient.pk], rows[without.pk]
    assert (known.last_session_date, known.session_count) == (START + timedelta(days=9), 2)
    assert (known.review_count, known.has_consent, known.relation) == (1, True, "primary")
    assert (empty.last_session_date, empty.session_count, empty.review_count) == (None, 0, 0)
    assert (empty.has_consent, empty.relation) == (False, "consulting")


def test_one_consent_of_two_is_not_enough(client_for, therapist, patient):
    give_consents(patient, status="revoked")
    give_consents(patient)
    rows = client_for(therapist).get("/patients").context["page"].rows
    assert rows[0].has_consent is True
    patient.consents.create(consent_type="ai_processing", status="revoked", method="verbal")
    rows = client_for(therapist).get("/patients").context["page"].rows
    assert rows[0].has_consent is False


def test_search_finds_every_word_in_either_name(client_for, therapist):
    def named(first, last):
        person = PatientFactory(clinic=therapist.clinic, first_name=first, last_name=last)
        CareFactory(therapist=therapist, patient=person)
        return person.pk

    maya, max_ = named("Maya", "Rosen"), named("Max", "Roth")
    client = client_for(therapist)
    assert listed(client, q="ro ma") == [maya, max_]
    assert listed(client, q="ROSEN may") == [maya]
    assert listed(client, q="%") == []


def test_chips_narrow_the_list_and_keep_the_search(client_for, therapist, patient):
    draft_summary(make_session(patient, therapist), "waits")
    new = CareFactory(therapist=therapist).patient
    client = client_for(therapist)
    assert listed(client, show="waiting") == [patient.pk]
    assert listed(client, show="no_consent") == listed(client, show="no_session") == [new.pk]
    found = chips(client.get("/patients", {"q": "can", "show": "waiting"}))
    assert [label for label, chip in found.items() if chip.active] == ["Waiting for you"]
    assert found["No sessions yet"].url == "/patients?show=no_session&q=can"


def test_long_lists_have_pages_in_the_order_of_names(client_for, therapist):
    patients = {CareFactory(therapist=therapist).patient.pk for _ in range(PATIENTS.per_page + 2)}
    client = client_for(therapist)
    first = client.get("/patients").context["page"]
    pages = [first, client.get(first.next_url).context["page"]]
    assert [len(page) for page in pages] == [PATIENTS.per_page, 2]
    shown = [row for page in pages for row in page]
    assert {row.pk for row in shown} == patients
    assert list(User.objects.filter(pk__in=patients)) == shown


@pytest.mark.parametrize("path", ["/patients", "/patients/{}"])
def test_htmx_gets_a_fragment_and_a_history_restore_the_page(client_for, therapist, patient, path):
    client, url = client_for(therapist), path.format(patient.pk)
    assert b"<html" not in client.get(url, headers=HTMX).content
    restore = HTMX | {"HX-History-Restore-Request": "true"}
    assert b"<html" in client.get(url, headers=restore).content


def test_a_patients_page_shows_the_story_by_month_in_the_readers_zone(client_for, therapist, patient):
    # 31 January 23:30 UTC is February in Berlin, where the clinic is.
    event = make_event(patient, event_date=START.replace(month=1, day=31, hour=23, minute=30), is_private=True)
    answer = client_for(therapist).get(detail(patient))
    ((month, (shown,)),) = answer.context["events_by_month"]
    assert (month.year, month.month, month.day) == (2026, 2, 1)
    assert (shown["title"], shown["label"], shown["icon"]) == (event.title, "Note", "kind-note")
    assert b"Only therapists" in answer.content


def test_a_session_links_to_its_page(client_for, therapist, patient):
    session = make_session(patient, therapist)
    reconcile_sessions()
    answer = client_for(therapist).get(detail(patient))
    assert reverse("sessions:detail", args=[session.pk]).encode() in answer.content
    assert answer.context["latest_sessions"] == [session]


def test_beside_the_story_stands_what_matters_now(client_for, therapist, patient):
    older, newer = (make_session(patient, therapist, day=day) for day in (0, 1))
    agree(older, "walk")
    agree(newer, "sing", status="completed", closed_at=START)
    agree(newer, "breathe", status="in_progress")
    answer = client_for(therapist).get(detail(patient))
    context = answer.context
    assert [(item.task, item.session) for item in context["open_action_items"]] == [
        ("breathe", newer),
        ("walk", older),
    ]
    assert "You may record" in answer.content.decode()
    assert context["relation"].relationship_type == "primary"
    assert context["patient"].profile == patient.profile


def test_a_patient_without_profile_or_consent_has_a_page(client_for, therapist):
    person = CareFactory(therapist=therapist).patient
    person.profile.delete()
    shown = client_for(therapist).get(detail(person)).content.decode()
    assert "consent missing (Recording, AI processing)" in shown


def test_earlier_entries_follow_by_a_link(client_for, therapist, patient):
    make_events(patient, EVENTS_A_PAGE + 3)
    client = client_for(therapist)
    first = client.get(detail(patient), {"q": "Entry", "type": "note"})
    rest = client.get(first.context["next_url"], headers=HTMX)
    counts = [sum(len(events) for _, events in answer.context["events_by_month"]) for answer in (first, rest)]
    assert counts == [EVENTS_A_PAGE, 3]
    assert rest.context["next_url"] == ""
    assert first.context["total_count"] == EVENTS_A_PAGE + 3


def test_chips_name_the_kinds_that_the_timeline_has(client_for, therapist, patient):
    make_event(patient, event_type="goal")
    note = make_event(patient)
    answer = client_for(therapist).get(detail(patient), {"type": "note"})
    assert {label: chip.active for label, chip in chips(answer).items()} == {
        "All": False,
        "Note": True,
        "Goal": False,
    }
    ((_, (shown,)),) = answer.context["events_by_month"]
    assert shown["title"] == note.title


@pytest.mark.parametrize("query", [{"type": "gaol"}, {"q": "n\x00ote"}, {"q": "note" + " " * 200 + "more"}])
def test_what_no_chip_or_search_box_says_is_left_out_as_in_every_list(client_for, therapist, patient, query):
    make_event(patient, title="note")
    answer = client_for(therapist).get(detail(patient), query)
    assert answer.status_code == 200
    assert answer.context["events_by_month"]


def test_a_wrong_cursor_is_a_problem_page(client_for, therapist, patient):
    answer = client_for(therapist).get(detail(patient), {"cursor": "x"})
    assert answer.status_code == 400
    assert b"<html" in answer.content


def test_text_of_events_is_escaped(client_for, therapist, patient):
    make_event(patient, title="<script>canary</script>", description="<img src=x>")
    page = client_for(therapist).get(detail(patient)).content
    assert b"<script>canary" not in page
    assert b"&lt;script&gt;canary" in page


def test_a_read_of_a_page_is_on_record_once(client_for, therapist, patient):
    client = client_for(therapist)
    client.get("/patients")
    client.get(detail(patient))
    rows = AuditEvent.objects.filter(actor=therapist, outcome="ok").order_by("id")
    assert [(row.action, row.patient_id) for row in rows] == [("patient.listed", None), ("patient.read", patient.pk)]


def test_strangers_are_refused_and_leave_a_denial(client_for, patient, other_therapist, foreign_therapist):
    make_event(patient, title="canary")
    for stranger in (other_therapist, foreign_therapist, patient, AdminFactory(clinic=patient.clinic)):
        answer = client_for(stranger).get(detail(patient))
        assert answer.status_code == (404 if stranger.is_therapist else 403)
        assert b"canary" not in answer.content.lower()
        assert AuditEvent.objects.filter(actor=stranger, outcome="denied", action="patient.read").count() == 1


@pytest.mark.parametrize("path", ["/patients", "/patients/{}"])
def test_pages_ask_for_sign_in_and_only_read(client, client_for, therapist, patient, path):
    url = path.format(patient.pk)
    answer = client.get(url)
    assert (answer.status_code, answer.url) == (302, f"/sign-in?next={url}")
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(client_for(therapist), method)(url)
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


def test_patients_and_staff_have_no_list(client_for, patient):
    for person in (patient, AdminFactory(clinic=patient.clinic)):
        assert client_for(person).get("/patients").status_code == 403


@pytest.mark.parametrize("place", ["/patients", "/sessions", "a patient"])
def test_the_chips_of_what_a_search_found_carry_the_search(client_for, therapist, patient, place):
    make_event(patient)
    url = detail(patient) if place == "a patient" else place
    answer = client_for(therapist).get(url, {"q": "walk"}, headers=HTMX)
    found = answer.content.decode()
    assert "<h1>" not in found
    assert all(f'href="{escape(chip.url)}"' in found and "q=walk" in chip.url for chip in answer.context["filters"])
    assert answer.context["filters"]
