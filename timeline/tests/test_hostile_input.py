"""Events that must be rejected on input, because every later read would fail."""

import pytest

pytestmark = pytest.mark.django_db
NEW = {"event_type": "note", "event_date": "2026-03-01T09:00:00Z", "title": "Note"}


def url_of(patient):
    return f"/api/v1/patients/{patient.pk}/timeline"


def nested(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return {"a": value}


@pytest.mark.parametrize(("levels", "status"), [(19, 201), (20, 400), (252, 400), (900, 400)])
def test_deep_metadata_is_refused_so_that_the_timeline_stays_readable(api_for, therapist, patient, levels, status):
    api = api_for(therapist)
    answer = api.post(url_of(patient), NEW | {"metadata": nested(levels)}, format="json")
    assert answer.status_code == status
    assert api.get(url_of(patient)).status_code == 200


@pytest.mark.parametrize("date", ["0001-01-01", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31"])
def test_a_date_at_the_ends_of_the_calendar_is_refused(api_for, therapist, patient, date):
    answer = api_for(therapist).post(url_of(patient), NEW | {"event_date": date}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["event_date"]


@pytest.mark.parametrize("name", ["start_date", "end_date"])
@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_filter_that_does_not_exist_in_utc_is_refused(api_for, therapist, patient, name, date):
    answer = api_for(therapist).get(url_of(patient), {name: date})
    assert list(answer.json()["errors"]) == [name]
