"""Fixtures of tests of questionnaires."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from treatment.measures.tests.factories import as_form, as_sent, assigned

ITEM_9 = "Thoughts that you would be better off dead or of hurting yourself in some way"


def by_page(client_for: Any, api_for: Any, therapist: User, patient: User, answers: dict[int, int | None]) -> Any:
    form = as_form(answers) | {"taken_date": "2025-01-05", "sent_key": "made-by-the-page"}
    return client_for(therapist).post(f"/patients/{patient.pk}/measures/take/phq-9", form)


def by_link(client_for: Any, api_for: Any, therapist: User, patient: User, answers: dict[int, int | None]) -> Any:
    waiting = patient.measure_assignments.first() or assigned(therapist, patient)
    page = client_for(patient).post(f"/account/questionnaires/{waiting.pk}")
    return Client().post(page.headers["Location"], as_form(answers))


def by_api(client_for: Any, api_for: Any, therapist: User, patient: User, answers: dict[int, int | None]) -> Any:
    body = {"instrument": "phq-9", "answers": as_sent(answers)}
    return api_for(therapist).post(f"/api/v1/patients/{patient.pk}/measures", body, format="json")


def by_own_api(client_for: Any, api_for: Any, therapist: User, patient: User, answers: dict[int, int | None]) -> Any:
    waiting = patient.measure_assignments.first() or assigned(therapist, patient)
    body = {"answers": as_sent(answers)}
    return api_for(patient).post(f"/api/v1/measure-assignments/{waiting.pk}/answers", body, format="json")


WAYS: list[Callable[..., Any]] = [by_page, by_link, by_api, by_own_api]


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def send(request: pytest.FixtureRequest, client_for: Any, api_for: Any, therapist: User, patient: User) -> Any:
    """Sends a PHQ-9 in one of the four ways; gets the answers by item."""

    def sent(answers: dict[int, int | None]) -> Any:
        response = request.param(client_for, api_for, therapist, patient, answers)
        assert response.status_code in {201, 302}, response.content
        return response

    return sent
