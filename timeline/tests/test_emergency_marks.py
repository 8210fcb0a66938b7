"""Nobody takes a patient under emergency access for one of their own."""

import pytest

from accounts.tests.factories import BreakGlassFactory
from timeline.tests.factories import make_session

MARK = "Emergency access, not your patient"


@pytest.mark.parametrize("path", ["/patients", "/sessions"])
def test_lists_mark_the_patient(therapist, other_therapist, patient, client_for, path):
    make_session(patient, therapist)
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    page = client_for(other_therapist).get(path).content.decode()
    assert patient.full_name in page.partition("<table")[2]
    assert page.partition("<table")[2].count(MARK) == 1


@pytest.mark.parametrize("path", ["/patients", "/sessions"])
def test_ones_own_are_not_marked(therapist, patient, client_for, path):
    make_session(patient, therapist)
    assert MARK not in client_for(therapist).get(path).content.decode()
