"""Keyset pagination on a test table (core has no migrations, so the test database creates it)."""

from base64 import urlsafe_b64decode
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import models
from django.test import RequestFactory
from rest_framework.request import Request

from therapybridge.core.errors import InvalidInput
from therapybridge.core.models import BaseModel
from therapybridge.core.pagination import KeysetCursor, KeysetPagination, keyset_page, turn_page

pytestmark = pytest.mark.django_db
FIELDS = ("-at", "-id")
DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Moment(BaseModel):
    at = models.DateTimeField()

    class Meta:
        app_label = "core"
        indexes = [models.Index(fields=["-at", "-id"], name="moment_at_id")]


@pytest.fixture
def moments() -> list[Moment]:
    """Ten timestamps, newest first, with three rows each."""
    made = [Moment(at=DAY + timedelta(microseconds=number // 3)) for number in range(10)]
    Moment.objects.bulk_create(made)
    return sorted(made, key=lambda moment: (moment.at, str(moment.id)), reverse=True)


def walk(rows, limit: int) -> list[list]:
    pages, cursor = [], None
    while cursor or not pages:
        page = keyset_page(rows, FIELDS, cursor, limit)
        assert page.has_more is (page.next_cursor is not None)
        pages.append(page.rows)
        cursor = page.next_cursor
    return pages


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 10), (3, [3, 3, 3, 1]), (5, [5, 5]), (10, [10]), (99, [10])])
def test_pages_hold_every_row_once_and_in_order(moments, limit, sizes):
    pages = walk(Moment.objects.all(), limit)
    assert [len(page) for page in pages] == sizes
    assert [row for page in pages for row in page] == moments


def test_dictionaries_are_paged_like_rows(moments):
    pages = walk(Moment.objects.values("id", "at"), 4)
    assert [row["id"] for page in pages for row in page] == [moment.id for moment in moments]


def test_a_row_added_meanwhile_moves_nothing(moments):
    first = keyset_page(Moment.objects.all(), FIELDS, None, 4)
    Moment.objects.create(at=DAY + timedelta(days=1))
    assert keyset_page(Moment.objects.all(), FIELDS, first.next_cursor, 4).rows == moments[4:8]


def test_an_empty_list_is_one_empty_page():
    assert walk(Moment.objects.all(), 5) == [[]]


def test_a_page_is_one_query_that_seeks_in_the_index(moments, django_assert_num_queries):
    cursor = keyset_page(Moment.objects.all(), FIELDS, None, 4).next_cursor
    with django_assert_num_queries(1) as queries:
        keyset_page(Moment.objects.all(), FIELDS, cursor, 4)
    assert " OR " not in queries.captured_queries[0]["sql"]
    assert "OFFSET" not in queries.captured_queries[0]["sql"]


def test_a_keyset_orders_by_itself(moments):
    assert keyset_page(Moment.objects.order_by("at"), ("-id",), None, 2).rows[0] == max(
        moments, key=lambda m: str(m.id)
    )


def test_a_rising_order_is_paged_like_a_falling_one(moments):
    first = keyset_page(Moment.objects.all(), ("at", "id"), None, 4)
    rest = keyset_page(Moment.objects.all(), ("at", "id"), first.next_cursor, 99)
    assert first.rows + rest.rows == moments[::-1]


def test_an_order_that_falls_and_rises_is_refused():
    with pytest.raises(ValueError, match="is mixed"):
        keyset_page(Moment.objects.all(), ("at", "-id"), None, 2)


@pytest.mark.parametrize("fields", [FIELDS, ("at", "id")])
def test_pages_turn_both_ways(moments, fields):
    rows = moments if fields == FIELDS else moments[::-1]
    first = turn_page(Moment.objects.all(), fields, limit=4)
    second = turn_page(Moment.objects.all(), fields, first.next, 4)
    last = turn_page(Moment.objects.all(), fields, second.next, 4)
    assert [first.rows, second.rows, last.rows] == [rows[:4], rows[4:8], rows[8:]]
    assert (first.previous, last.next) == ("", "")
    assert turn_page(Moment.objects.all(), fields, last.previous, 4).rows == second.rows
    back = turn_page(Moment.objects.all(), fields, second.previous, 4)
    assert (back.rows, back.previous) == (first.rows, "")
    assert turn_page(Moment.objects.all(), fields, back.next, 4).rows == second.rows


def test_the_page_before_is_whole_also_at_the_beginning(moments):
    pages = [turn_page(Moment.objects.all(), FIELDS, limit=2)]
    pages.append(turn_page(Moment.objects.all(), FIELDS, pages[0].next, 8))
    assert turn_page(Moment.objects.all(), FIELDS, pages[1].previous, 4).rows == moments[:4]


def test_a_page_from_which_everything_went_is_the_first_one(moments):
    first = turn_page(Moment.objects.all(), FIELDS, limit=8)
    Moment.objects.filter(pk__in=[moment.pk for moment in moments[8:]]).delete()
    assert turn_page(Moment.objects.all(), FIELDS, first.next, 8).rows == moments[:8]


def test_a_cursor_tells_nobody_whose_key_it_holds():
    cursor = KeysetCursor.encode(("last_name", "id"), ["Wolkenstein", 7])
    padded = cursor + "=" * (-len(cursor) % 4)
    assert b"Wolkenstein" not in urlsafe_b64decode(padded)
    assert list(KeysetCursor.decode(("last_name", "id"), cursor)) == ["Wolkenstein", 7]


@pytest.mark.parametrize(
    "values", [[DAY, uuid4()], [date(2026, 3, 2), 5], ["text", None], [datetime(2026, 1, 1, microsecond=7, tzinfo=UTC)]]
)
def test_values_survive_the_cursor(values):
    assert list(KeysetCursor.decode(FIELDS, KeysetCursor.encode(FIELDS, values))) == values


def altered(cursor: str) -> str:
    return cursor[:-1] + ("a" if cursor[-1] != "a" else "b")


@pytest.mark.parametrize(
    "cursor",
    ["x", "a:b:c", ":::", "\x00", "ü", "." * 5000, "1:1:1"],
)
def test_a_foreign_cursor_is_invalid(cursor):
    with pytest.raises(InvalidInput) as refusal:
        keyset_page(Moment.objects.all(), FIELDS, cursor, 2)
    assert refusal.value.code == "invalid_cursor"


def test_an_altered_cursor_is_invalid(moments):
    cursor = keyset_page(Moment.objects.all(), FIELDS, None, 2).next_cursor
    with pytest.raises(InvalidInput):
        KeysetCursor.decode(FIELDS, altered(cursor))


def test_a_cursor_of_another_order_is_invalid(moments):
    cursor = keyset_page(Moment.objects.all(), FIELDS, None, 2).next_cursor
    with pytest.raises(InvalidInput):
        keyset_page(Moment.objects.all(), ("-created_at", "-id"), cursor, 2)


class Feed:
    keyset_fields = FIELDS


def ask(query: str):
    pagination = KeysetPagination()
    rows = pagination.paginate_queryset(Moment.objects.all(), Request(RequestFactory().get(f"/feed?{query}")), Feed())
    return pagination.get_paginated_response([str(row.id) for row in rows]).data


def test_the_api_answers_results_and_a_link_to_the_next_page(moments):
    first = ask("limit=4&kind=note")
    assert set(first) == {"results", "next", "next_cursor", "previous", "total_count"}
    assert (first["previous"], first["total_count"]) == (None, None)
    assert first["next"].startswith("http://testserver/feed?")
    assert "kind=note" in first["next"]
    second = ask(first["next"].partition("?")[2])
    assert ask(f"limit=4&cursor={first['next_cursor']}")["results"] == second["results"]
    assert [UUID(text) for text in first["results"] + second["results"]] == [moment.id for moment in moments[:8]]


def test_the_last_page_has_no_next(moments):
    page = ask("limit=10")
    assert (page["next"], page["next_cursor"]) == (None, None)


def test_a_list_that_is_cheap_to_count_says_the_total_on_every_page(moments, monkeypatch):
    monkeypatch.setattr(Feed, "counts_total", True, raising=False)
    first = ask("limit=4")
    assert (first["total_count"], ask(f"cursor={first['next_cursor']}")["total_count"]) == (10, 10)


def test_the_usual_page_has_twenty_rows():
    Moment.objects.bulk_create([Moment(at=DAY) for _ in range(21)])
    assert len(ask("")["results"]) == 20


@pytest.mark.parametrize("limit", ["0", "-1", "abc", "101", "", "1.5", "1e2", "99999999999999999999", "\u0661"])
def test_an_impossible_limit_is_refused(limit):
    with pytest.raises(InvalidInput) as refusal:
        ask(f"limit={limit}")
    assert refusal.value.code == "invalid"
    assert set(refusal.value.errors) == {"limit"}
