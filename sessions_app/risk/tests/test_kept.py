"""Nothing but a disposition closes a review, and nothing deletes one: not ORM, SQL, API, pages or the admin site."""

from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from sessions_app.models import RiskReview, RiskReviewEntry
from sessions_app.risk.querysets import Kept

pytestmark = pytest.mark.django_db
TABLE = "sessions_app_riskreview"


def refused(statement, *given):
    """The database refuses the statement, at the latest when its constraints are checked."""
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(statement, given)


def copy_of(review):
    """Another object with the same key."""
    names = [field.attname for field in RiskReview._meta.concrete_fields]
    return RiskReview(**{name: getattr(review, name) for name in names} | {"owner_id": None})


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
        lambda review: RiskReview.objects.bulk_create(
            [review], update_conflicts=True, update_fields=["owner"], unique_fields=["id"]
        ),
        lambda review: RiskReview.objects.update_or_create(pk=review.pk, defaults={"status": "disposed"}),
        lambda review: copy_of(review).save(force_update=True),
        lambda review: copy_of(review).save(update_fields=["status"]),
        lambda review: async_to_sync(review.adelete)(),
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


def test_a_new_object_with_its_key_does_not_replace_it(review):
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(review).save()
    assert RiskReview.objects.get().owner == review.owner


@pytest.mark.parametrize(
    "attempt",
    [
        lambda review: RiskReview._base_manager.all().delete(),
        lambda review: RiskReview._base_manager.filter(pk=review.pk)._raw_delete("default"),
        lambda review: RiskReviewEntry._base_manager.all().delete(),
        lambda review: RiskReview._base_manager.update(status="disposed"),
        lambda review: RiskReviewEntry._base_manager.update(kind="disposed"),
        lambda review: User._base_manager.filter(pk=review.patient_id)._raw_delete("default"),
    ],
)
def test_the_database_refuses_what_goes_around_the_managers(review, attempt):
    def committed():
        with transaction.atomic():
            attempt(review)
            connection.check_constraints()

    with pytest.raises((IntegrityError, ProtectedError)):
        committed()
    assert (RiskReview.objects.get().status, RiskReviewEntry.objects.get().kind) == ("open", "opened")


def test_it_stays_when_the_account_of_its_owner_is_removed(review, other_therapist):
    review.move_to("open", owner=other_therapist)
    other_therapist.delete()
    review.refresh_from_db()
    assert (review.owner, review.status) == (None, "open")


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
    refused("DELETE FROM sessions_app_riskreviewentry")
    refused(f"DELETE FROM {TABLE}")


def test_the_database_refuses_to_empty_the_tables(review):
    if connection.vendor == "postgresql":
        connection.check_constraints()  # nothing is pending, which would keep TRUNCATE from being tried
        refused(f"TRUNCATE {TABLE} CASCADE")
        refused("TRUNCATE sessions_app_riskreviewentry")
        refused("TRUNCATE sessions_app_therapysession CASCADE")
    else:
        refused(f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}")
        refused("INSERT OR REPLACE INTO sessions_app_riskreviewentry SELECT * FROM sessions_app_riskreviewentry")


@pytest.mark.parametrize("status", ["open", "acknowledged"])
def test_no_other_review_of_its_session_replaces_it(review, status):
    if status == "acknowledged":
        review.move_to(status, acknowledged_at=timezone.now())
    names = [field.column for field in RiskReview._meta.concrete_fields]
    columns = ", ".join(f"'{uuid4().hex}'" if name == "id" else name for name in names)
    insert = "INSERT" if connection.vendor == "postgresql" else "INSERT OR REPLACE"
    statement = f"{insert} INTO {TABLE} ({', '.join(names)}) SELECT {columns} FROM {TABLE}"
    # At once, not only when constraints are checked, which the history would fail.
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert RiskReview.objects.get() == review


def test_the_admin_site_knows_neither():
    assert not {RiskReview, RiskReviewEntry} & set(admin.site._registry)


@pytest.mark.parametrize("method", ["delete", "put", "patch"])
def test_pages_and_api_have_no_other_way(review, api_for, client_for, therapist, method):
    for address in (f"/risk-reviews/{review.pk}", f"/api/v1/risk-reviews/{review.pk}"):
        assert getattr(client_for(therapist), method)(address).status_code in {404, 405}
        assert getattr(api_for(therapist), method)(address).status_code in {404, 405}
    assert RiskReview.objects.get().status == "open"
