"""Taking over patients, appointments and transcripts: seen before they are added, all or nothing."""

import io
import re
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from html import unescape
from threading import Barrier
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.care.services.patients import create_patient
from accounts.models import PatientProfile, User
from accounts.tests.factories import CareFactory, PatientFactory, TherapistFactory, access_for, give_consents
from audit.models import AuditEvent
from exports.imports.services.refusals import ImportRefused
from exports.transfers.services import previews
from exports.transfers.services.patients import read_patients
from exports.transfers.services.previews import FileChanged
from exports.transfers.services.tables import MAX_LINES
from exports.transfers.services.transcripts import unpacked
from exports.transfers.services.transfers import Given, content_of, preview, take_over
from sessions_app.models import TherapySession, Transcript
from sessions_app.services.transcripts import add_transcript
from therapybridge.core.actor import Actor
from therapybridge.core.errors import ConsentRequired

pytestmark = pytest.mark.django_db
CLIENTS = (
    "First Name,Last Name,DOB,Email,Mobile Phone,Home Phone,Address,City,State,Zip,Favourite Colour\r\n"
    "Ada,Lindqvist,05/17/1990,Ada@Example.org,+1 212 555 0100,,4 Quay Street,New York,NY,10004,blue\r\n"
    '"=cmd|calc","O\'Neil",,,,555 0199,"1 ""Long"" Road,\nBack door",,,,\r\n'
)
TALK = "Therapist: How was your week?\nPatient: Better. I slept six hours.\n"


@pytest.fixture
def by(therapist: User) -> Actor:
    return Actor(user=therapist)


def added(kind: str, content: str, by: Actor, **given: object) -> int:
    whole = Given(kind, content, **given)
    return take_over(whole, preview(whole, by=by).digest, by=by)


def states(found: previews.Preview) -> list[str]:
    return [line.state.value for line in found.lines]


def codes(found: previews.Preview) -> list[str]:
    return [problem.code for line in found.lines for problem in line.problems]


def zipped(packed_as: int = ZIP_DEFLATED, **files: str | bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", packed_as) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def broken(data: bytes) -> bytes:
    return data[:48] + bytes(one ^ 0xFF for one in data[48:60]) + data[60:]


def test_patients_are_added_with_what_the_columns_say(by):
    assert added("patients", CLIENTS, by) == 2
    ada = User.objects.get(first_name="Ada", role="patient")
    profile = PatientProfile.objects.get(patient=ada)
    assert (profile.date_of_birth, profile.email, profile.phone) == ("1990-05-17", "ada@example.org", "+1 212 555 0100")
    assert profile.address == "4 Quay Street\nNew York NY 10004"
    other = User.objects.get(last_name="O'Neil")
    assert (other.first_name, other.profile.phone) == ("=cmd|calc", "555 0199")
    assert other.profile.address == '1 "Long" Road,\nBack door'
    assert ada in User.objects.patients_treated_by(by.user)
    assert AuditEvent.objects.filter(action="patient.created").count() == 2
    assert AuditEvent.objects.filter(action="transfer.done").count() == 1


def test_a_look_adds_nothing(by):
    before = User.objects.count()
    found = preview(Given("patients", CLIENTS), by=by)
    assert (states(found), User.objects.count()) == (["new", "new"], before)
    assert ("Favourite Colour", "") in found.columns


@pytest.mark.parametrize(
    "form", ["Client Name;Date of Birth\nLindqvist, Ada;1990-05-17\n", "Patient\tDOB\nAda Lindqvist\t17.05.1990\n"]
)
def test_one_column_of_names_and_other_delimiters_are_read(by, form):
    [line] = read_patients(form, by=by, day_first=True).lines
    assert (line.values["first_name"], line.values["last_name"]) == ("Ada", "Lindqvist")
    assert line.values["date_of_birth"] == date(1990, 5, 17)


@pytest.mark.parametrize(("day_first", "month"), [(True, 4), (False, 3)])
def test_days_are_read_as_the_form_says(by, day_first, month):
    [line] = read_patients("First Name,DOB\nAda,3/4/1990\n", by=by, day_first=day_first).lines
    assert line.values["date_of_birth"].month == month


def test_who_is_here_already_is_shown_and_not_added_again(by, therapist):
    create_patient(by=by, first_name="Ada", last_name="Lindqvist", date_of_birth="1990-05-17")
    again = "First Name,Last Name,DOB\nADA,Lindqvist,1990-05-17\nAda,Lindqvist,1991-01-01\nBo,,\nBo,,\n"
    found = preview(Given("patients", again), by=by)
    assert states(found) == ["known", "new", "new", "known"]
    assert added("patients", again, by) == 2


def test_a_file_does_not_tell_whom_colleagues_treat(by, other_therapist):
    create_patient(by=Actor(user=other_therapist), first_name="Ada", last_name="Lindqvist")
    assert states(preview(Given("patients", "First Name,Last Name\nAda,Lindqvist\n"), by=by)) == ["new"]


def test_a_patient_of_a_colleague_with_the_same_day_of_birth_is_hinted_at_and_audited(by, other_therapist):
    born = {"last_name": "Lindqvist", "date_of_birth": "1990-05-17"}
    theirs = create_patient(by=Actor(user=other_therapist), first_name="Åda", **born)
    table = "First Name,Last Name,DOB\nAda,Lindqvist,1990-05-17\nAda,Lindqvist,1991-05-17\n"
    found = preview(Given("patients", table), by=by)
    assert states(found) == ["new", "new"]
    assert [bool(line.hints) for line in found.lines] == [True, False]
    assert AuditEvent.objects.get(action="transfer.previewed").ids == [str(theirs.pk)]


def test_a_file_with_many_days_for_a_name_does_not_find_out_which_is_right(by, other_therapist):
    born = {"last_name": "Lindqvist", "date_of_birth": "1990-05-17"}
    create_patient(by=Actor(user=other_therapist), first_name="Ada", **born)
    guesses = ("Ada,Lindqvist,1990-05-16", "Åda,Lindqvist,1990-05-17", "Ada Lind,qvist,1990-05-17")
    found = preview(Given("patients", "\n".join(("First Name,Last Name,DOB", *guesses))), by=by)
    assert [line.hints for line in found.lines[:2]] == [[], []]
    assert AuditEvent.objects.get(action="transfer.previewed").ids == []


def test_a_patient_of_another_clinic_is_not_hinted_at(by):
    born = {"last_name": "Lindqvist", "date_of_birth": "1990-05-17"}
    create_patient(by=Actor(user=TherapistFactory()), first_name="Ada", **born)
    [line] = preview(Given("patients", "First Name,Last Name,DOB\nAda,Lindqvist,1990-05-17\n"), by=by).lines
    assert line.hints == []


def test_nobody_is_asked_for_the_recording_of_an_appointment_that_was_taken_over(by, therapist, client_for):
    care = CareFactory(therapist=therapist, patient__first_name="Ada", patient__last_name="Ek")
    assert added("appointments", "Name,Start\nAda Ek,2026-03-02 10:00\n", by) == 1
    session = TherapySession.objects.get(patient=care.patient)
    assert (session.status, session.number) == ("held", 1)
    assert not TherapySession.objects.waiting_for(therapist).exists()
    client = client_for(therapist)
    [row] = client.get("/sessions").context["page"]
    assert [pill.label for pill in row.pills] == ["Held"]
    assert client.get(session.get_absolute_url()).status_code == 200


def test_a_session_that_was_held_can_get_its_transcript(by, therapist):
    care = CareFactory(therapist=therapist, patient__first_name="Ada", patient__last_name="Ek")
    added("appointments", "Name,Start\nAda Ek,2026-03-02 10:00\n", by)
    give_consents(care.patient)
    session = TherapySession.objects.get(patient=care.patient)
    add_transcript(session, TALK.encode(), "talk.txt", access=access_for(therapist, care.patient))
    assert TherapySession.objects.get().status == "transcribed"


def test_a_double_line_names_the_first(by, therapist):
    found = preview(Given("patients", "First Name,Last Name\nBo,Ek\nCy,Li\nBÖ,Ek\n"), by=by)
    assert (states(found), found.lines[2].hints) == (["new", "new", "known"], ["Same as line 2."])
    CareFactory(therapist=therapist, patient__first_name="Ada", patient__last_name="Ek")
    found = preview(Given("appointments", "Name,Start\n" + "Ada Ek,2026-03-02 10:00\n" * 2), by=by)
    assert (states(found), found.lines[1].hints) == (["new", "known"], ["Same as line 2."])


@pytest.mark.parametrize("table", ["First Name,Last Name\n,Ek\n", 'Name\n"Ek,"\n'])
def test_a_line_without_a_first_name_is_left_out_and_says_so(by, table):
    assert codes(preview(Given("patients", table), by=by)) == ["no_first_name"]
    dated = "\n".join(line + end for line, end in zip(table.splitlines(), (",Start", ",2026-03-02 10:00"), strict=True))
    assert codes(preview(Given("appointments", dated), by=by)) == ["no_first_name"]


def test_what_is_wrong_with_a_line_is_said_by_code_and_only_it_is_left_out(by):
    tomorrow = by.user.clinic_day + timedelta(days=1)
    table = f"First Name,DOB,Email\nAda,soon,\nBo,{tomorrow},\nCy,1800-01-01,\nDi,,nowhere\n,,x@example.org\nEd,,\n"
    found = preview(Given("patients", table), by=by)
    assert codes(found) == ["unknown_date", "in_the_future", "invalid", "invalid", "no_first_name"]
    assert added("patients", table, by) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfeF\x00i\x00", "not_utf8"),
        (b"First Name\x00,\n", "not_text"),
        (b"First Name\n" + b"x" * 1024 * 1024, "too_large"),
        (b"Colour,Size\nblue,2\n", "no_columns"),
        (b"", "no_columns"),
        (b'First Name\n"open', "not_csv"),
        (b"First Name\n" + b"w" * 5_001, "too_wide"),
        (b"First Name" + b"," * 200 + b"\n", "too_wide"),
        (b"First Name\n" + b"Ada\n" * (MAX_LINES + 1), "too_many_lines"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_by_code(by, data, code):
    before = User.objects.count()
    with pytest.raises(ImportRefused) as refused:
        preview(Given("patients", content_of("patients", data)), by=by)
    assert (refused.value.code, User.objects.count()) == (code, before)


def test_an_apostrophe_that_an_export_put_before_a_formula_goes_again(by):
    [line] = read_patients("First Name,Phone\nAda,'+1 212 555 0100\n", by=by, day_first=False).lines
    assert line.values["phone"] == "+1 212 555 0100"


def test_it_is_all_or_nothing(by, monkeypatch):
    given = Given("patients", CLIENTS)
    digest, before = preview(given, by=by).digest, User.objects.count()

    def fails(line, *, by):
        create_patient(by=by, **line.values)
        if line.number > 2:
            raise RuntimeError

    monkeypatch.setattr("exports.transfers.services.transfers.add_patient", fails)
    with pytest.raises(RuntimeError):
        take_over(given, digest, by=by)
    assert User.objects.count() == before


def test_only_what_was_shown_is_added(by):
    given = Given("patients", CLIENTS)
    digest = preview(given, by=by).digest
    create_patient(by=by, first_name="Ada", last_name="Lindqvist", date_of_birth="1990-05-17")
    with pytest.raises(previews.FileChanged):
        take_over(given, digest, by=by)
    with pytest.raises(previews.FileChanged):
        take_over(Given("patients", CLIENTS.replace("blue,", "").replace("1990", "1991")), digest, by=by)


@pytest.fixture
def ada(therapist: User) -> User:
    return create_patient(by=Actor(user=therapist), first_name="Ada", last_name="Lindqvist", date_of_birth="1990-05-17")


def test_appointments_become_sessions_in_the_clinics_time_zone(by, ada):
    table = (
        "Date,Start Time,Client,Status,Location\n"
        "03/02/2026,2:30 PM,Ada Lindqvist,Show,Video Office\n"
        '2026-03-09,14:30,"Lindqvist, Ada",,Phone\n'
        "03/16/2026,2:30 PM,Ada Lindqvist,Cancelled,\n"
    )
    assert codes(preview(Given("appointments", table), by=by)) == ["not_held"]
    assert added("appointments", table, by) == 2
    first, second = TherapySession.objects.filter(patient=ada).order_by("session_date")
    assert first.session_date == datetime(2026, 3, 2, 14, 30, tzinfo=ada.clinic_zone)
    assert (first.modality, second.modality, first.number, second.number) == ("video", "phone", 1, 2)
    assert states(preview(Given("appointments", table), by=by)) == ["known", "known", "refused"]


def test_an_appointment_of_nobody_or_of_two_people_is_left_out(by, ada):
    create_patient(by=by, first_name="Ada", last_name="Lindqvist", date_of_birth="1991-01-01")
    later = (timezone.now() + timedelta(days=9)).date()
    table = (
        "Appointment Date and Time,Patient Name,DOB\n"
        "2026-03-02 14:30,Ada Lindqvist,\n"
        "2026-03-02 14:30,Ada Lindqvist,1990-05-17\n"
        "2026-03-02 14:30,Somebody Else,\n"
        "2026-03-02,Ada Lindqvist,1990-05-17\n"
        f"{later} 10:00,Ada Lindqvist,1990-05-17\n"
    )
    found = preview(Given("appointments", table), by=by)
    assert codes(found) == ["ambiguous_patient", "unknown_patient", "unknown_date", "in_the_future"]
    assert [line.number for line in found.new] == [3]


def test_transcripts_become_sessions_on_the_days_of_their_names(by, therapist, patient):
    content = unpacked(
        zipped(
            **{
                "talks/2026-03-02 14-30.txt": TALK,
                "20260309.vtt.txt": TALK,
                "__MACOSX/2026-03-02.txt": "x",
                "a.png": "x",
            }
        )
    )
    access = access_for(therapist, patient)
    assert added("transcripts", content, by, access=access) == 2
    first, second = TherapySession.objects.filter(patient=patient).order_by("session_date")
    assert first.session_date == datetime(2026, 3, 2, 14, 30, tzinfo=patient.clinic_zone)
    assert second.session_date == datetime(2026, 3, 9, 12, tzinfo=patient.clinic_zone)
    assert Transcript.objects.filter(session__in=[first, second]).count() == 2
    assert states(preview(Given("transcripts", content, access=access), by=by)) == ["known", "known"]


def test_a_file_without_a_day_or_without_words_is_left_out(by, therapist, patient):
    content = unpacked(
        zipped(**{"talk.txt": TALK, "2026-03-02.txt": "  ", "2026-13-45.txt": TALK, "2999-01-01.txt": TALK})
    )
    found = preview(Given("transcripts", content, access=access_for(therapist, patient)), by=by)
    assert codes(found) == ["empty_transcript", "unknown_date", "in_the_future", "unknown_date"]


def test_no_transcript_comes_in_without_the_consents(by, therapist, patient):
    stranger = PatientFactory(clinic=therapist.clinic)
    CareFactory(therapist=therapist, patient=stranger)
    given = Given("transcripts", unpacked(zipped(**{"2026-03-02.txt": TALK})), access=access_for(therapist, stranger))
    with pytest.raises(ConsentRequired):
        preview(given, by=by)
    with pytest.raises(ConsentRequired):
        take_over(given, "0" * 64, by=by)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK nothing", "not_zip"),
        (zipped(**{f"2026-01-01 {number}.txt": "x" for number in range(51)}), "too_many_files"),
        (zipped(**{"2026-01-01.txt": b"0" * 20_000_000}), "too_large"),
        # Of these, all is unpacked that was read, however little was asked for.
        (zipped(ZIP_BZIP2, **{"2026-01-01.txt": "x"}), "not_zip"),
        (zipped(ZIP_LZMA, **{"2026-01-01.txt": "x"}), "not_zip"),
        (broken(zipped(**{"2026-01-01.txt": "hello world " * 500})), "not_zip"),
    ],
)
def test_a_zip_that_is_none_or_too_much_is_refused(data, code):
    with pytest.raises(ImportRefused) as refused:
        unpacked(data)
    assert refused.value.code == code


def test_a_small_zip_that_unpacks_to_much_is_never_unpacked_whole():
    data = zipped(**{"2026-01-01.txt": b"0" * 60_000_000})
    tracemalloc.start()
    with pytest.raises(ImportRefused):
        unpacked(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(data) < 100_000, peak < 15_000_000) == (True, True)


def shown(client, **form):
    file = SimpleUploadedFile("clients.csv", form.pop("data"))
    return client.post("/transfers", {"kind": "patients", "file": file, **form})


def hidden(page) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.content.decode())
    return {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def test_the_pages_show_then_add(client_for, therapist):
    client = client_for(therapist)
    assert client.get("/transfers").status_code == 200
    page = shown(client, data=CLIENTS.encode())
    assert (page.status_code, "2 of 2 would be added" in page.content.decode()) == (200, True)
    done = client.post("/transfers/confirm", hidden(page))
    assert (done.status_code, done["Location"]) == (302, "/patients")
    assert User.objects.filter(last_name__in=("Lindqvist", "O'Neil")).count() == 2


def test_a_refused_file_is_said_in_the_form(client_for, therapist):
    page = shown(client_for(therapist), data=b"Colour\nblue\n")
    assert (page.status_code, "No column has a name" in page.content.decode()) == (422, True)


def test_transcripts_ask_whose_they_are(client_for, therapist, patient, other_therapist):
    data = zipped(**{"2026-03-02.txt": TALK})
    client = client_for(therapist)
    assert shown(client, kind="transcripts", data=data).status_code == 422
    page = shown(client, kind="transcripts", data=data, patient=patient.pk)
    assert page.status_code == 200
    assert client.post("/transfers/confirm", hidden(page)).status_code == 302
    assert TherapySession.objects.filter(patient=patient).count() == 1
    stranger = shown(client_for(other_therapist), kind="transcripts", data=data, patient=patient.pk)
    assert stranger.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_add_everything_once(therapist):
    content = content_of("patients", CLIENTS.encode())
    given = Given("patients", content)
    digest, ready = preview(given, by=Actor(user=therapist)).digest, Barrier(4)

    def click(_):
        try:
            ready.wait(10)
            return take_over(given, digest, by=Actor(user=User.objects.select_related("clinic").get(pk=therapist.pk)))
        except FileChanged:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == [0, 0, 0, 2]
    assert User.objects.filter(role="patient", first_name="Ada").count() == 1
