"""A day without a time is a day of the clinic: the same for every reader, wherever they are. Sessions need a time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import ConsentEntry, Disclosure

pytestmark = pytest.mark.django_db
DAY = "2026-10-25"  # summer time ends in Berlin
SHOWN = f'<time datetime="{DAY}">'
WEST, EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"  # 25 hours apart
ZONES = [("Europe/Berlin", "America/New_York"), ("Europe/Berlin", EAST), ("Europe/Berlin", WEST), (EAST, WEST)]
ZONES += [(WEST, EAST), ("America/Santiago", EAST)]
DISCLOSED = {"recipient": "Court", "what": "Dates", "why": "", "basis": "court"}
DECIDED = {"types": ["billing"], "status": "granted", "method": "written"}


@pytest.fixture(params=ZONES, ids="-".join)
def far_away(request, clinic, therapist, patient):
    """A clinic in one zone, whose people read in another."""
    clinic.time_zone, zone = request.param
    clinic.save()
    for person in (therapist, patient):
        person.time_zone = zone
        person.save()
        person.clinic.refresh_from_db()


@pytest.mark.usefixtures("far_away")
def test_an_event_is_on_its_day(api_for, client_for, therapist, patient):
    path = f"/api/v1/patients/{patient.pk}/timeline"
    device, event = api_for(therapist), {"event_type": "diagnosis", "event_date": DAY, "title": "Seen"}
    assert device.post(path, event, format="json").json()["event_date"] == DAY
    assert [row["event_date"] for row in api_for(patient).get(path).json()["results"]] == [DAY]
    assert SHOWN in client_for(therapist).get(f"/patients/{patient.pk}").content.decode()
    assert SHOWN in client_for(patient).get("/portal/timeline").content.decode()


@pytest.mark.usefixtures("far_away")
@pytest.mark.parametrize("is_api", [True, False], ids=["api", "page"])
def test_a_disclosure_is_on_its_day(api_for, client_for, therapist, patient, is_api):
    path = f"/patients/{patient.pk}/disclosures"
    device, browser = api_for(therapist), client_for(therapist)
    if is_api:
        made = device.post(f"/api/v1{path}", DISCLOSED | {"disclosed_at": DAY}, format="json")
        assert (made.status_code, made.json()["disclosed_at"]) == (201, DAY)
    else:
        assert browser.post(path, DISCLOSED | {"day": DAY}).status_code == 302
    noon = datetime.combine(date.fromisoformat(DAY), datetime.min.time(), patient.clinic_zone) + timedelta(hours=12)
    assert Disclosure.objects.get().disclosed_at == noon
    for person, pages in ((therapist, (path, f"/patients/{patient.pk}/access")), (patient, ("/portal/disclosures",))):
        assert api_for(person).get(f"/api/v1{path}").json()["results"][0]["disclosed_at"] == DAY
        assert all(SHOWN in client_for(person).get(page).content.decode() for page in pages)
    for person, table in ((therapist, f"{path}.csv"), (patient, "/portal/disclosures.csv")):
        assert DAY in client_for(person).get(table).content.decode()


@pytest.mark.usefixtures("far_away")
@pytest.mark.parametrize("is_api", [True, False], ids=["api", "page"])
def test_a_decision_is_on_its_day(api_for, client_for, therapist, patient, is_api):
    path = f"/patients/{patient.pk}/consents"
    if is_api:
        made = api_for(therapist).post(f"/api/v1{path}", DECIDED | {"signed_at": DAY}, format="json")
        assert (made.status_code, made.json()["results"][0]["signed_at"]) == (201, DAY)
    else:
        data = DECIDED | {"signed_at": DAY}
        assert client_for(therapist).post(f"/patients/{patient.pk}/consent", data).status_code == 302
    entry = ConsentEntry.objects.get(consent_type="billing")
    assert entry.signed_at.astimezone(patient.clinic_zone).date().isoformat() == DAY
    assert SHOWN in client_for(therapist).get(f"/patients/{patient.pk}/consent").content.decode()
    assert SHOWN in client_for(patient).get("/portal/consents").content.decode()


@pytest.mark.usefixtures("far_away")
def test_today_is_today_for_clinic_and_reader_and_a_refusal_of_the_same_day_is_undone(api_for, therapist, patient):
    path = f"/api/v1/patients/{patient.pk}/consents"
    device = api_for(therapist)
    for status in ("declined", "granted"):
        for zone in (patient.clinic_zone, therapist.zone):
            today = timezone.localdate(timezone=zone).isoformat()
            body = DECIDED | {"status": status, "signed_at": today}
            made = device.post(path, body, format="json")
            assert (made.status_code, made.json()["results"][0]["signed_at"]) == (201, today)
    later = (timezone.now().astimezone(ZoneInfo(EAST)) + timedelta(days=1)).date().isoformat()
    assert device.post(path, DECIDED | {"signed_at": later}, format="json").json()["errors"].keys() == {"signed_at"}


@pytest.mark.parametrize("day", [DAY, "2026-10-25T", "20261025"])
def test_what_is_a_point_in_time_needs_a_time(api_for, client_for, therapist, patient, day):
    device, browser = api_for(therapist), client_for(therapist)
    for path, name, body in [
        ("sessions", "session_date", {"patient": str(patient.pk)}),
        (f"patients/{patient.pk}/consents", "expires_at", DECIDED),
    ]:
        answer = device.post(f"/api/v1/{path}", body | {name: day}, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name]), path
    sent = {"patient": str(patient.pk), "session_date": day, "file": SimpleUploadedFile("a.wav", b"x" * 2000)}
    answer = device.post("/api/v1/sessions/upload", sent, format="multipart")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["session_date"])
    page = browser.post("/sessions/new", {"patient": patient.pk, "session_date": day, "transcript_text": "Hi"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["session_date"])
