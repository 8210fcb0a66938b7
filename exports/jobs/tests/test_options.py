"""What is said before an export is made."""

from html import unescape

import pytest

pytestmark = pytest.mark.django_db
WARNING = "names neither the practice nor anybody of its staff"


@pytest.mark.parametrize(
    ("basis", "recipient", "warns"),
    [
        ("practice", "Riverside Psychiatry", True),
        ("practice", "{clinic}, front desk", False),
        ("practice", "For {therapist}", False),
        ("law", "County court", False),
    ],
)
def test_a_recipient_outside_is_asked_about_on_the_ground_of_own_use(
    client_for, therapist, patient, basis, recipient, warns
):
    named = recipient.format(clinic=patient.clinic.name.upper(), therapist=therapist.full_name)
    options = {"kind": "timeline", "format": "pdf", "basis": basis, "recipient": named, "purpose": "A copy"}
    page = client_for(therapist).post(f"/patients/{patient.pk}/exports/new", options)
    assert page.status_code == 200
    assert (WARNING in unescape(page.content.decode())) == warns
