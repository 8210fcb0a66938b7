"""Taking over data in a browser: a file of clients is shown line by line, then added as it was shown."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST
from e2e.visits import Visit, every_look, pay

CLIENTS = (
    "First Name,Last Name,DOB,Email,Mobile Phone,Address\r\n"
    'Quillon,Featherstonehaugh,05/17/1990,q@example.org,+1 212 555 0100,"4 Quay Street,\nNew York"\r\n'
    "Samuel,Whitfield,,,,\r\n"
    "נועה,לוי,soon,,,\r\n"
    f"{'Wortohneleerzeichen' * 5},,,,,\r\n"
    f"{'w' * 101},,,,,\r\n"
)


@pytest.fixture
def places():
    return {}


def choose(page):
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "clients.csv", "mimeType": "text/csv", "buffer": CLIENTS.encode()}
    )
    page.get_by_role("button", name="Show what would be added").click()


def show(page):
    choose(page)
    expect(page.get_by_role("heading", name="What would be added")).to_be_visible()
    page.locator("summary", has_text="Columns of the file").click()


def refuse(page):
    page.get_by_role("button", name="Show what would be added").click()


def test_clients_are_added_as_they_were_shown(open_context, cookies_of):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto("/transfers")
    choose(page)
    row = page.get_by_role("row", name=re.compile("Featherstonehaugh"))
    expect(row).to_contain_text("Will be added")
    expect(page.get_by_role("row", name=re.compile("Whitfield"))).to_contain_text("Already here")
    page.get_by_role("button", name="Add 2").click()
    expect(page.get_by_text("Added: 2.")).to_be_visible()
    page.goto("/patients?search=Featherstonehaugh")
    expect(page.get_by_role("link", name=re.compile("Quillon Featherstonehaugh")).first).to_be_visible()


VISITS = [
    Visit("transfer", THERAPIST, "/transfers"),
    Visit("transfer-refused", THERAPIST, "/transfers", refuse, status=422),
    Visit("transfer-preview", THERAPIST, "/transfers", show),
]


@every_look(VISITS)
def test_pages_of_transfers_are_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
