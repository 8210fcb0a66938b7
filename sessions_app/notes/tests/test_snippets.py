"""Text snippets: pages, the menu in a note, and the API; of each therapist for themselves."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import TherapistFactory
from audit.models import AuditEvent
from sessions_app.models import TextSnippet
from sessions_app.notes.services import snippets
from sessions_app.notes.services.snippets import MAX_SNIPPET_TEXT, MAX_SNIPPETS
from sessions_app.notes.tests.notes import begin, drafted_session
from therapybridge.core.actor import Actor

pytestmark = pytest.mark.django_db
PAGE, URL = "/snippets", "/api/v1/snippets"
WORDS = {"name": "Sleep hygiene", "text": "We went through the rules.\nA diary was agreed."}


@pytest.fixture
def snippet(therapist: User) -> TextSnippet:
    return snippets.create_snippet(**WORDS, by=Actor(user=therapist))


def test_it_is_added_listed_changed_and_deleted(browser):
    assert browser.post(PAGE, WORDS).status_code == 302
    snippet = TextSnippet.objects.get()
    for path in (PAGE, f"{PAGE}/menu", f"{PAGE}/{snippet.pk}"):
        assert "A diary was agreed." in browser.get(path).text
    browser.post(f"{PAGE}/{snippet.pk}", WORDS | {"text": "Other words.", "revision": 1})
    assert TextSnippet.objects.get().text == "Other words."
    browser.post(f"{PAGE}/{snippet.pk}/delete")
    assert "No snippets yet" in browser.get(PAGE).text
    done = AuditEvent.objects.filter(action__startswith="text_snippet.").values_list("action", flat=True)
    assert {"text_snippet.created", "text_snippet.changed", "text_snippet.deleted"} < set(done)


def test_colleagues_see_none_of_it(client_for, clinic, snippet):
    colleague = client_for(TherapistFactory(clinic=clinic))
    for path in (PAGE, f"{PAGE}/menu"):
        assert WORDS["name"] not in colleague.get(path).text
    assert colleague.get(f"{PAGE}/{snippet.pk}").status_code == 404
    assert colleague.post(f"{PAGE}/{snippet.pk}/delete").status_code == 404
    assert TextSnippet.objects.exists()


def test_a_name_is_given_once_by_each_therapist(browser, client_for, clinic, snippet):
    again = browser.post(PAGE, {"name": "sleep HYGIENE", "text": "My new words"})
    assert again.status_code == 422
    assert "You have a snippet with this name." in again.text
    assert "My new words" in again.text
    assert browser.post(f"{PAGE}/{snippet.pk}", WORDS | {"revision": 1}).status_code == 302
    assert client_for(TherapistFactory(clinic=clinic)).post(PAGE, WORDS).status_code == 302


def test_there_is_a_limit_of_number_and_length(browser, device, therapist):
    assert browser.post(PAGE, WORDS | {"text": "x" * (MAX_SNIPPET_TEXT + 1)}).status_code == 422
    assert device.post(URL, WORDS | {"text": "x" * (MAX_SNIPPET_TEXT + 1)}, format="json").status_code == 400
    for number in range(MAX_SNIPPETS):
        TextSnippet.objects.create(owner=therapist, name=f"n{number}", text="x")
    full = browser.post(PAGE, WORDS)
    assert full.status_code == 422
    assert "which is the most" in full.text
    refused = device.post(URL, WORDS, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many")


def test_the_page_lists_by_name(browser, therapist):
    for name in ("breathing", "Zeal", "Anchor"):
        snippets.create_snippet(name, "x", by=Actor(user=therapist))
    assert [row.name for row in browser.get(PAGE).context["page"]] == ["Anchor", "breathing", "Zeal"]


def test_a_note_offers_them_without_carrying_their_words(browser, therapist, patient, snippet):
    page = browser.get(f"/notes/{begin(drafted_session(therapist, patient)).pk}").text
    assert f'data-url="{PAGE}/menu"' in page
    assert f'href="{PAGE}"' in page
    assert WORDS["name"] not in page


def test_an_older_tab_sees_both_texts_before_it_replaces_one(browser, snippet):
    path = f"{PAGE}/{snippet.pk}"
    browser.post(path, WORDS | {"text": "From the first tab", "revision": 1})
    answer = browser.post(path, WORDS | {"name": "Second", "text": "From the second tab", "revision": 1})
    assert answer.status_code == 409
    for shown in ("From the first tab", "From the second tab", 'name="revision" value="2"', 'value="Second"'):
        assert shown in answer.text
    assert TextSnippet.objects.get().text == "From the first tab"
    assert browser.post(path, WORDS | {"text": "From the first tab", "revision": 1}).status_code == 302
    browser.post(path, WORDS | {"text": "Both", "revision": 2})
    assert TextSnippet.objects.get().text == "Both"


def change(device: APIClient, snippet: dict[str, Any], revision: int, **changes: str) -> Any:
    return device.patch(f"{URL}/{snippet['id']}", changes, format="json", headers={"If-Match": f'"{revision}"'})


def test_a_device_changes_what_it_has_read(device):
    made = device.post(URL, WORDS, format="json")
    assert made.headers["ETag"] == '"1"'
    snippet = made.json()
    without = device.patch(f"{URL}/{snippet['id']}", {"text": "x"}, format="json")
    assert without.json()["code"] == "precondition_required"
    assert change(device, snippet, 1, text="First").headers["ETag"] == '"2"'
    refused = change(device, snippet, 1, text="Second")
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_conflict")
    assert refused.json()["conflict"] == {"name": WORDS["name"], "text": "First", "revision": 2}
    assert device.get(f"{URL}/{snippet['id']}").headers["ETag"] == '"2"'


def test_the_api_adds_lists_changes_and_deletes(device):
    made = device.post(URL, WORDS, format="json").json()
    assert {name: made[name] for name in WORDS} == WORDS
    listed = device.get(URL).json()
    assert (listed["results"], listed["total_count"]) == ([made], 1)
    changed = change(device, made, 1, name="Other").json()
    assert (changed["name"], changed["text"]) == ("Other", WORDS["text"])
    assert device.get(f"{URL}/{made['id']}").json() == changed
    assert device.delete(f"{URL}/{made['id']}").status_code == 204
    assert device.get(f"{URL}/{made['id']}").status_code == 404


def test_a_repeat_with_the_same_key_adds_nothing(device):
    answers = [device.post(URL, WORDS, format="json", headers={"Idempotency-Key": "1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert TextSnippet.objects.count() == 1


@pytest.mark.parametrize("kind", ["browser", "device"])
def test_a_list_costs_the_same_queries_with_more_rows(request, kind, therapist, snippet):
    client: Any = request.getfixturevalue(kind)
    path = PAGE if kind == "browser" else URL
    client.get(path)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(5):
        snippets.create_snippet(f"More {number}", "x", by=Actor(user=therapist))
    with CaptureQueriesContext(connection) as more:
        client.get(path)
    assert len(more) == len(few)
