"""What is typed about a patient is stored in one form, or refused if part of it cannot be seen."""

import pytest

from accounts.models import User
from therapybridge.core.text import INVISIBLE

pytestmark = pytest.mark.django_db
PATIENTS = "/api/v1/patients"
ADA = {"first_name": "Ada", "last_name": "Byron", "email": "Ada@Example.org"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "\u200b\u200b"),
        ("last_name", "\u200b"),
        ("email", "lin.gast@ex.example\u200f"),
        ("phone", "\u202a+44 20\u202c"),
        ("address", "1 Rue\n\u200bParis"),
    ],
)
def test_what_cannot_be_seen_is_refused_with_a_sentence_by_page_and_api(api_for, client_for, therapist, field, value):
    answer = api_for(therapist).post(PATIENTS, ADA | {field: value}, format="json")
    assert (answer.status_code, answer.json()["errors"]) == (400, {field: [INVISIBLE]})
    page = client_for(therapist).post("/patients/new", ADA | {field: value})
    assert (page.status_code, page.context["form"].errors) == (422, {field: [INVISIBLE]})
    assert not User.objects.patients().exists()


def test_names_are_stored_composed_and_contact_addresses_found_in_either_form(api_for, therapist):
    device = api_for(therapist)
    made = device.post(PATIENTS, ADA | {"first_name": " Zoe\u0308 ", "email": "a@bücher.example"}, format="json").json()
    assert (made["first_name"], made["email"]) == ("Zoë", "a@xn--bcher-kva.example")
    for search in ("a@bücher.example", "A@XN--bcher-kva.example", "zoe", "BYRON ZOË"):
        found = device.get(PATIENTS, {"search": search}).json()["results"]
        assert [row["id"] for row in found] == [made["id"]]
