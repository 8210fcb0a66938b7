"""Nothing but a disposition closes a review, and nothing deletes one: not ORM, SQL, API, pages or the admin site."""

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from sessions_app.models import RiskReview, RiskReviewEntry
from sessions_app.risk.querysets import Kept

pytestmark = pytest.mark.django_db
TABLE = "sessions_app_riskreview"


def refused(statement, *given):
    """The database refuses the statement, at the latest when its constraints are checked."""
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(statement, given)


def execute(statement, given):
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
    connection.check_constraints()


@pytest.fixture
def closed(browser, review):
    body = {"revision": 1, "disposition": "assessed", "reason": "We went through it together."}
    browser.post(f"/risk-reviews/{review.pk}/dispose", body)
    review.refresh_from_db()
    return review


@pytest.mark.parametrize(
    "attempt",
    [
        lambda review: review.delete(),
        lambda review: review.save(),
        lambda review: RiskReview.objects.all().delete(),
        lambda review: RiskReview.objects.update(status="disposed"),
        lambda review: RiskReview.objects.bulk_update([review], ["status"]),
        lambda review: review.session.risk_reviews.all().delete(),
        lambda review: review.patient.risk_reviews.update(disposition="other"),
        lambda review: review.history.all().delete(),
        lambda review: review.history.update(kind="disposed"),
        lambda review: review.history.get().delete(),
        lambda review: review.history.get().save(),
    ],
)
def test_the_orm_refuses(review, attempt):
    with pytest.raises(Kept):
        attempt(review)
    assert RiskReview.objects.get().status == "open"
    assert RiskReviewEntry.objects.get().kind == "opened"


def test_neither_session_nor_patient_goes_while_it_has_a_review(review):
    with pytest.raises(ProtectedError):
        review.session.delete()
    with pytest.raises(ProtectedError):
        review.patient.delete()


@pytest.mark.parametrize(
    "change",
    [
        "status = 'disposed'",
        "status = 'disposed', disposition = 'other', disposed_at = opened_at, acknowledged_at = opened_at",
        "session_id = patient_id",
        "patient_id = owner_id",
        "opened_at = due_at",
        "due_at = '2100-01-01'",
        "revision = 0",
    ],
)
def test_the_database_refuses_to_change_what_was_opened(review, change):
    refused(f"UPDATE {TABLE} SET {change}")


@pytest.mark.parametrize(
    "change",
    [
        "status = 'open', disposition = '', disposed_at = NULL, reason = NULL",
        "disposition = 'misheard'",
        "disposed_at = opened_at",
        "reason = seen",
        "owner_id = NULL, revision = revision + 1",
        "seen = reason",
        "escalate_at = due_at",
    ],
)
def test_the_database_refuses_to_change_what_was_closed(closed, change):
    refused(f"UPDATE {TABLE} SET {change}")


def test_the_database_refuses_to_rewrite_history(review):
    refused("UPDATE sessions_app_riskreviewentry SET kind = 'disposed'")
    refused("UPDATE sessions_app_riskreviewentry SET happened_at = %s", timezone.now())


def test_the_database_refuses_to_delete(review):
    if connection.vendor == "postgresql":
        refused("DELETE FROM sessions_app_riskreviewentry")
    refused(f"DELETE FROM {TABLE}")


def test_the_admin_site_knows_neither():
    assert not {RiskReview, RiskReviewEntry} & set(admin.site._registry)


@pytest.mark.parametrize("method", ["delete", "put", "patch"])
def test_pages_and_api_have_no_other_way(review, api_for, client_for, therapist, method):
    for address in (f"/risk-reviews/{review.pk}", f"/api/v1/risk-reviews/{review.pk}"):
        assert getattr(client_for(therapist), method)(address).status_code in {404, 405}
        assert getattr(api_for(therapist), method)(address).status_code in {404, 405}
    assert RiskReview.objects.get().status == "open"
