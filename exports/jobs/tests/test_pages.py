"""What the pages of exports say to who is about to let a record leave, and afterwards."""

import re
from html import unescape

import pytest

from accounts.consent.services.decisions import record_consent
from accounts.tests.factories import access_for
from exports.jobs.models import ExportJob
from exports.jobs.services import control
from exports.jobs.tests.conftest import work_off
from timeline.tests.factories import make_event
from treatment.measures.tests.factories import assigned

pytestmark = pytest.mark.django_db
CHOSEN = {
    "kind": "timeline",
    "format": "json",
    "basis": "law",
    "recipient": "County <court>",
    "purpose": "Case 7 & 8\nby order",
}


def said(answer, status=200):
    """The words of a page, without its elements."""
    assert answer.status_code == status
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def hidden_fields(answer):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.fixture
def fill_in(client_for, therapist, patient):
    """Send the form of a new export."""

    def sent(do="preview", **changes):
        return client_for(therapist).post(f"/patients/{patient.pk}/exports/new", CHOSEN | changes | {"do": do})

    return sent


def test_a_preview_says_what_leaves_for_whom_why_and_by_what_right(patient, fill_in):
    make_event(patient, title="Moved")
    make_event(patient, title="Married")
    words = said(fill_in())
    assert f"Timeline of {patient.full_name} Events 2 Days" in words
    assert "For whom County <court>" in words
    assert "Why Case 7 & 8 by order" in words
    assert "Legal basis Required by law" in words
    assert "Nothing is withheld." in words
    assert not ExportJob.objects.exists()


def test_a_preview_names_what_is_withheld_with_its_number_and_reason_and_no_word_of_it(patient, fill_in):
    for _ in range(2):
        make_event(patient, title="Hidden thought", is_private=True)
    words = said(fill_in())
    assert re.search(r"Withheld Named in the file .* Private events \(2\) Released only with .* authorisation", words)
    assert "Nothing is withheld." not in words
    assert "Hidden thought" not in words


def test_what_is_authorised_to_leave_is_counted_and_not_withheld(therapist, patient, fill_in):
    make_event(patient, is_private=True)
    record_consent(access_for(therapist, patient), ["private_events"], "granted", "written")
    words = said(fill_in(extras="private_events"))
    assert "Events 1" in words
    assert "Nothing is withheld." in words


def test_a_questionnaire_that_is_only_assigned_is_something_that_leaves(therapist, patient, fill_in):
    assert "Assigned questionnaires" not in said(fill_in(kind="full_record"))
    assigned(therapist, patient)
    assert "Assigned questionnaires 1" in said(fill_in(kind="full_record"))


def test_the_export_is_made_as_it_was_shown(patient, fill_in):
    shown = hidden_fields(fill_in(start="2026-01-05", end="2026-03-01"))
    assert fill_in(do="make", **shown).status_code == 302
    job = ExportJob.objects.get()
    assert (job.kind, job.format, job.basis) == ("timeline", "json", "law")
    assert (job.recipient, job.purpose) == ("County <court>", "Case 7 & 8\nby order")
    assert (str(job.start), str(job.end)) == ("2026-01-05", "2026-03-01")


def test_whoever_changes_something_finds_what_was_filled_in(fill_in):
    page = fill_in(do="change", **hidden_fields(fill_in(start="2026-01-05"))).content.decode()
    assert 'value="2026-01-05"' in page
    assert 'value="County &lt;court&gt;"' in page
    assert re.search(r'value="json"[^>]*checked', page)
    assert not ExportJob.objects.exists()


def test_the_form_says_what_is_left_out_until_it_is_authorised(client_for, therapist, patient):
    path = f"/patients/{patient.pk}/exports/new"
    words = said(client_for(therapist).get(path))
    assert re.search(r"Left out: .*private events.* record a release under Consent", words)
    record_consent(access_for(therapist, patient), ["private_events"], "granted", "written")
    answer = client_for(therapist).get(path)
    assert 'value="private_events"' in answer.content.decode()
    assert "private events" not in re.search(r"Left out: [^.]*", said(answer))[0]


def test_a_missing_consent_is_told_on_the_form_before_anything_is_made(fill_in):
    words = said(fill_in(basis="payment"), 422)
    assert "The patient's consent is missing: Data sharing." in words
    assert "What the export will hold" not in words
    assert not ExportJob.objects.exists()


def test_the_list_says_for_whom_each_is_until_when_it_is_kept_and_why_one_failed(client_for, therapist, patient, ask):
    ready = work_off(ask(recipient="Riverside Psychiatry"))
    stopped = ask(kind="timeline", recipient="The county court")
    control.cancel_export(stopped, access=access_for(therapist, patient))
    words = said(client_for(therapist).get("/exports"))
    of_stopped, of_ready = (
        f"{patient.full_name}: {job.get_kind_display()} {job.get_format_display()} · for {job.recipient} · asked"
        for job in (stopped, ready)
    )
    first, _, second = words.partition(of_ready)
    assert of_stopped in first
    assert "You cancelled this export." in first
    assert "kept until" in second
    assert "You cancelled this export." not in second


def test_the_page_of_an_export_says_for_whom_why_and_what_it_holds_and_withholds(client_for, therapist, patient, ask):
    make_event(patient)
    make_event(patient, is_private=True)
    job = work_off(ask(kind="timeline", recipient="The county court", purpose="Case 7"))
    words = said(client_for(therapist).get(f"/exports/{job.pk}"))
    assert "For whom The county court Why Case 7 Legal basis" in words
    assert "Holds Events: 1 Withheld" in words
