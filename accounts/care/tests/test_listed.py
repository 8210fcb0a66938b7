"""The API's list of patients is what queryset and serializer give, for every kind of reader."""

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.care.contexts.listed import read_patients
from accounts.care.serializers import PatientRowSerializer
from accounts.models import PatientProfile, User
from accounts.tests.factories import (
    AdminFactory,
    BreakGlassFactory,
    CareFactory,
    PatientFactory,
    TherapistFactory,
    end_care,
)
from therapybridge.core.api.renderers import to_json
from therapybridge.core.pagination import keyset_page

PATIENTS = "/api/v1/patients"


@pytest.fixture
def readers(clinic):
    """A therapist with seven patients, one in an emergency and one whose care has ended; others of the clinic."""
    therapist, other = TherapistFactory(clinic=clinic), TherapistFactory(clinic=clinic)
    relations = [CareFactory(therapist=therapist, patient=PatientFactory(clinic=clinic)) for _ in range(7)]
    treated = [one.patient for one in relations]
    end_care(relations[0])
    PatientProfile.objects.filter(patient=treated[1]).delete()
    known = PatientProfile.objects.get_or_create(patient=treated[2])[0]
    known.email, known.date_of_birth = "ada@example.org", "1990-12-10"
    known.save()
    BreakGlassFactory(therapist=therapist, patient=PatientFactory(clinic=clinic))
    CareFactory(therapist=other, patient=treated[3])
    gone = TherapistFactory(clinic=clinic, is_active=False)
    CareFactory(therapist=gone, patient=treated[4])
    return [therapist, other, gone, treated[2], AdminFactory(clinic=clinic), TherapistFactory()]


def by_queryset(reader, cursor, limit):
    rows = User.objects.patients_visible_to(reader).select_related("profile")
    page = keyset_page(rows, ("-id",), cursor, limit)
    return page.rows, page.has_more, rows.count()


def shown(rows):
    return orjson.loads(to_json(PatientRowSerializer(rows, many=True).data))


@pytest.mark.parametrize("limit", [1, 3, 7, 20])
def test_every_page_of_every_reader(readers, limit):
    sizes = []
    for reader in readers:
        cursor, seen = None, 0
        while True:
            page, total = read_patients(reader, {"cursor": cursor} if cursor else {}, limit)
            rows, has_more, count = by_queryset(reader, cursor, limit)
            assert (shown(page.rows), page.has_more, total) == (shown(rows), has_more, count)
            seen, cursor = seen + len(page.rows), page.next_cursor
            if not cursor:
                break
        sizes.append(seen)
    assert sizes == [7, 1, 0, 1, 0, 0]


def test_a_page_is_read_by_one_query_and_opens_no_more_of_a_profile_than_it_shows(readers):
    read_patients(readers[0], {}, 20)
    with CaptureQueriesContext(connection) as queries:
        shown(read_patients(readers[0], {}, 20).page.rows)
    (query,) = queries
    assert "medical_history" not in query["sql"]
    with CaptureQueriesContext(connection) as queries:
        shown(read_patients(readers[0], {}, 3).page.rows)
    assert len(queries) == 2  # the second counts


def test_a_search_goes_through_the_same_envelope(readers, api_for):
    device, (reader, *_) = api_for(readers[0]), readers
    all_of_them = device.get(PATIENTS).json()
    one = all_of_them["results"][0]
    found = device.get(PATIENTS, {"search": one["full_name"], "limit": 20}).json()
    assert one in found["results"]
    assert found.keys() == all_of_them.keys()
    assert all_of_them["total_count"] == User.objects.patients_visible_to(reader).count() == 7
