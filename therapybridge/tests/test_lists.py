"""All lists of the portals paginate the same way: by links in both directions, each row once, without counting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessRequest, AuthSession, BreakGlassGrant, Disclosure, Invitation
from accounts.tests.factories import BreakGlassFactory, CareFactory, ConsentFactory, PatientFactory
from exports.models import ExportJob, ExportLayout, ExportSchedule, RecordImport
from sessions_app.models import ActionItem, NoteTemplate, PatientSummary, RiskReview, SessionNote, TherapySession
from sessions_app.pipeline.note_templates.content import empty_content
from therapybridge.core.links import new_secret
from timeline.tests.factories import make_session
from treatment.models import TreatmentPlan

pytestmark = pytest.mark.django_db
MANY = 52  # more than two pages of the short lists, more than one of the long ones
NOW = timezone.now()


def many(model, fields):
    """Independent rows, half of them with the same timestamp."""
    rows = [model(**fields(number)) for number in range(MANY)]
    model.objects.bulk_create(rows)
    return {row.pk for row in rows}


def add_sessions(therapist, patient):
    whose = {"patient": patient, "therapist": therapist, "clinic": patient.clinic, "status": "failed"}
    return many(TherapySession, lambda n: whose | {"session_date": NOW - timedelta(days=n // 2)})


def add_patients(therapist, patient):
    names = [("", "Same", "Łuk", "zeta")[n % 4] for n in range(MANY)]
    people = [PatientFactory(clinic=therapist.clinic, last_name=name) for name in names]
    return {CareFactory(therapist=therapist, patient=one).patient_id for one in people} | {patient.pk}


def add_devices(therapist, patient):
    ends = NOW + timedelta(days=20)
    whose = {"user": therapist, "kind": "device", "expires_at": ends, "ends_at": ends}
    return many(AuthSession, lambda n: whose | {"last_used_at": NOW - timedelta(days=n // 2)})


def add_invitations(therapist, patient):
    whose = {"clinic": therapist.clinic, "invited_by": therapist, "role": "therapist", "expires_at": NOW}
    return many(Invitation, lambda n: whose | {"email": f"{n}@example.org", "token_hash": new_secret()[1]})


def add_grants(therapist, patient):
    colleague = CareFactory(therapist__clinic=therapist.clinic).therapist
    return many(BreakGlassGrant, lambda n: emergency(colleague, patient, n))


def add_own_grants(therapist, patient):
    other = PatientFactory(clinic=therapist.clinic)
    return many(BreakGlassGrant, lambda n: emergency(therapist, other, n))


def emergency(therapist, patient, number):
    begun = NOW - timedelta(days=9 + number // 2)
    made = BreakGlassFactory.build(patient=patient, therapist=therapist, started_at=begun)
    names = ("patient", "therapist", "reason", "justification", "started_at", "expires_at", "review_due_at")
    return {name: getattr(made, name) for name in names}


def add_consents(therapist, patient):
    return {ConsentFactory(patient=patient, consent_type="research").pk for _ in range(MANY)} | set(
        patient.consents.values_list("pk", flat=True)
    )


def add_disclosures(therapist, patient):
    whose = {"patient": patient, "recorded_by": therapist, "recipient": "x", "what": "x", "basis": "law"}
    return many(Disclosure, lambda n: whose | {"disclosed_at": NOW - timedelta(days=n // 2)})


def add_signed_notes(therapist, patient):
    version = NoteTemplate.objects.get(key="soap").versions.latest("number")
    whose = {"patient": patient, "clinic": patient.clinic, "author": therapist, "template_version": version}
    told = {"content": empty_content().to_json(), "status": "signed", "content_hash": "0" * 64}
    sessions = sorted(add_sessions(therapist, patient))
    times = {"saved_at": NOW, "signed_at": NOW}
    return many(SessionNote, lambda n: {"session_id": sessions[n], **whose, **told, **times})


def add_risk_reviews(therapist, patient):
    whose = {"patient": patient, "clinic": patient.clinic, "owner": therapist, "seen": [], "due_at": NOW}
    sessions = sorted(add_sessions(therapist, patient))
    return {RiskReview.objects.create(session_id=session, **whose).pk for session in sessions}


def add_action_items(therapist, patient):
    session = make_session(patient, therapist)
    PatientSummary.objects.create(session=session, text="x", status="shared", approved_at=NOW)
    shared = {"session": session, "patient": patient, "task": "x", "is_for_patient": True}
    return many(ActionItem, lambda n: shared | {"statement": str(n), "told_at": NOW})


def add_plans(therapist, patient):
    whose = {"patient": patient, "clinic": patient.clinic, "start_date": NOW.date(), "version": 1}
    return {TreatmentPlan.objects.create(**whose, title="x", diagnosis="", problems="").pk for _ in range(MANY)}


def add_requests(therapist, patient):
    return many(AccessRequest, lambda n: {"patient": patient, "kind": "view", "due_at": NOW})


def add_exports(therapist, patient):
    whose = {"clinic": patient.clinic, "patient": patient, "kind": "timeline", "format": "csv", "basis": "practice"}
    texts = {"recipient": "x", "purpose": "x"}
    return {ExportJob.objects.create(**whose, **texts, requested_by=therapist).pk for _ in range(MANY)}


def add_own_copies(therapist, patient):
    whose = {"clinic": patient.clinic, "patient": patient, "kind": "timeline", "format": "csv", "basis": "patient"}
    asked = AccessRequest.objects.create(patient=patient, kind="download", due_at=NOW, status="in_progress")
    whose |= {"recipient": "x", "purpose": "x", "access_request": asked}
    return {ExportJob.objects.create(**whose, requested_by=patient).pk for _ in range(MANY)}


def add_layouts(therapist, patient):
    return many(ExportLayout, lambda n: {"clinic": therapist.clinic, "name": f"Layout {n}", "parts": ["notes"]})


def add_schedules(therapist, patient):
    whose = {"patient": patient, "owner": therapist, "kind": "timeline", "format": "csv", "basis": "practice"}
    when = {"rhythm": "weekly", "first_day": NOW.date(), "next_due_at": NOW}
    return {ExportSchedule.objects.create(**whose, **when, recipient="x", purpose="x").pk for _ in range(MANY)}


def add_imports(therapist, patient):
    whose = {"clinic": therapist.clinic, "requested_by": therapist, "size": 1, "expires_at": NOW}
    return {RecordImport.objects.create(**whose).pk for _ in range(MANY)}


LISTS = {
    "imports": ("therapist", "/imports", add_imports, "page"),
    "exports": ("therapist", "/exports", add_exports, "page"),
    "own copies": ("patient", "/portal/copies", add_own_copies, "page"),
    "layouts": ("therapist", "/export-layouts", add_layouts, "page"),
    "export schedules": ("therapist", "/export-schedules", add_schedules, "page"),
    "sessions": ("therapist", "/sessions", add_sessions, "page"),
    "patients": ("therapist", "/patients", add_patients, "page"),
    "devices": ("therapist", "/account/devices", add_devices, "page"),
    "invitations": ("therapist", "/invitations", add_invitations, "page"),
    "reviews": ("therapist", "/emergency/reviews", add_grants, "page"),
    "opened": ("therapist", "/emergency", add_own_grants, "page"),
    "consents": ("therapist", "/patients/{}/consent", add_consents, "page"),
    "own consents": ("patient", "/portal/consents", add_consents, "page"),
    "disclosures": ("therapist", "/patients/{}/disclosures", add_disclosures, "page"),
    "own disclosures": ("patient", "/portal/disclosures", add_disclosures, "page"),
    "own notes": ("patient", "/portal/notes", add_signed_notes, "page"),
    "notes": ("therapist", "/notes", add_signed_notes, "page"),
    "risk reviews": ("therapist", "/risk-reviews", add_risk_reviews, "page"),
    "action items": ("therapist", "/patients/{}/action-items", add_action_items, "page"),
    "own action items": ("patient", "/portal/agreed", add_action_items, "page"),
    "plans": ("therapist", "/plans", add_plans, "page"),
    "plans of a patient": ("therapist", "/patients/{}/plans", add_plans, "page"),
    "own plans": ("patient", "/portal/plans", add_plans, "page"),
    "own requests": ("patient", "/account/requests", add_requests, "page"),
    "requests": ("therapist", "/patients/{}/access", add_requests, "requests"),
    "grants": ("therapist", "/patients/{}/access", add_grants, "grants"),
}


def walk(client, url, name, direction):
    """Follow the links; returns the rows of each page and the URL of the last one."""
    pages = []
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        page = answer.context[name]
        pages.append([row.pk for row in page])
        last, url = url, getattr(page, f"{direction}_url")
        assert (f'rel="{direction[:4]}"' in answer.content.decode()) is bool(url)
    return pages, last


@pytest.mark.parametrize("which", LISTS)
def test_every_list_turns_its_pages_both_ways_and_shows_each_row_once(client_for, therapist, patient, which):
    role, path, add, name = LISTS[which]
    expected, client = add(therapist, patient), client_for({"therapist": therapist, "patient": patient}[role])
    pages, last = walk(client, path.format(patient.pk), name, "next")
    shown = [pk for page in pages for pk in page]
    assert len(pages) > 1
    assert len(shown) == len(set(shown))
    assert expected <= set(shown)
    assert walk(client, last, name, "previous")[0] == pages[::-1]


@pytest.mark.parametrize("which", LISTS)
def test_no_list_counts_or_skips_rows(client_for, therapist, patient, which):
    role, path, add, name = LISTS[which]
    add(therapist, patient)
    client = client_for({"therapist": therapist, "patient": patient}[role])
    following = client.get(path.format(patient.pk)).context[name].next_url
    with CaptureQueriesContext(connection) as queries:
        client.get(following)
    asked = [query["sql"] for query in queries]
    assert not [sql for sql in asked if "OFFSET" in sql or sql.startswith("SELECT COUNT")]


@pytest.mark.parametrize("which", LISTS)
def test_a_cursor_that_was_made_up_is_refused(client_for, therapist, patient, which):
    role, path, _, name = LISTS[which]
    client = client_for({"therapist": therapist, "patient": patient}[role])
    cursor = "cursor" if name == "page" else name
    for text in ("x", "~x", "~", "\x00"):
        assert client.get(path.format(patient.pk), {cursor: text}).status_code in {200, 400}
    assert client.get(path.format(patient.pk), {cursor: "x"}).status_code == 400


def test_the_address_of_a_page_tells_no_name(client_for, therapist, patient):
    add_patients(therapist, patient)
    page = client_for(therapist).get("/patients", {"q": "same", "show": "no_consent"}).context["page"]
    assert page.next_url == ""
    page = client_for(therapist).get("/patients", {"show": "no_consent"}).context["page"]
    assert page.next_url.startswith("/patients?show=no_consent&cursor=")
    assert "Same" not in page.next_url


def test_sessions_are_searched_and_narrowed_and_links_keep_both(client_for, therapist, patient):
    add_sessions(therapist, patient)
    patient.first_name, patient.last_name = "Łucja", "Żak"
    patient.save()
    client = client_for(therapist)
    page = client.get("/sessions", {"q": "łuc ŻAK", "status": "failed"}).context["page"]
    assert (len(page), page.found) == (25, "25+ found")
    assert page.next_url.startswith("/sessions?q=")
    assert "status=failed" in page.next_url
    chips = {chip.label: chip for chip in page.filters}
    assert [chip.label for chip in page.filters if chip.active] == ["Failed"]
    assert "cursor" not in chips["All"].url
    assert chips["All"].url.startswith("/sessions?q=")
    assert client.get("/sessions", {"q": "nobody"}).context["page"].found == "0 found"
    assert len(client.get("/sessions", {"status": "shared"}).context["page"]) == 0
    rest = client.get(page.next_url).context["page"]
    assert rest.found == f"{len(rest)} on this page"
    assert len(client.get("/sessions", {"status": "no such"}).context["page"]) == 25
