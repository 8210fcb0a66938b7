"""Questionnaires for tests, given out and filled in as a request does."""

from datetime import date
from typing import Any

from accounts.models import User
from accounts.tests.factories import access_for
from treatment.instruments import INSTRUMENTS
from treatment.measures.services.assigning import assign
from treatment.measures.services.results import Filled, take_with_patient
from treatment.models import MeasureAssignment, MeasureResult


def all_answered(key: str, value: int, **changed: int | None) -> dict[int, int | None]:
    """The same answer to every item; `item_9=1` changes one."""
    given: dict[int, int | None] = dict.fromkeys(range(1, len(INSTRUMENTS[key].items) + 1), value)
    return given | {int(name.removeprefix("item_")): one for name, one in changed.items()}


def as_sent(answers: dict[int, int | None]) -> list[dict[str, int | None]]:
    """The answers as the API takes them."""
    return [{"item": item, "value": value} for item, value in answers.items()]


def as_form(answers: dict[int, int | None]) -> dict[str, Any]:
    """The answers as the page's form sends them."""
    return {f"item_{item}": value for item, value in answers.items() if value is not None}


def assigned(therapist: User, patient: User, key: str = "phq-9", due: date | None = None) -> MeasureAssignment:
    """A questionnaire that waits."""
    due = due or patient.clinic_day
    return assign(access_for(therapist, patient), instrument=key, due_date=due)


def taken(therapist: User, patient: User, key: str = "gad-7", value: int = 1, **given: Any) -> MeasureResult:
    """A result, with the same answer to every item."""
    return take_with_patient(access_for(therapist, patient), Filled(key, all_answered(key, value), **given))
