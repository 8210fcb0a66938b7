"""Filters for multiple values and for the start and end of a period."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from therapybridge.core.api.filters import EndField, StartField, ValuesField
from therapybridge.core.errors import InvalidInput
from timeline.filters import parse_filters

DAY = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(microseconds=1)


@pytest.mark.parametrize("query", ["v=a&v=b", "v=a,b", "v=a,b&v=a", "v=%20a%20,,b,", "v=&v=a&v=b"])
def test_values_are_repeated_or_parted_by_commas(query):
    field = ValuesField(choices=[("a", "A"), ("b", "B")])
    assert field.clean(field.widget.value_from_datadict(QueryDict(query), {}, "v")) == ["a", "b"]


def test_an_unknown_value_is_answered_with_the_known_ones():
    field = ValuesField(choices=[("a", "A"), ("b", "B")])
    with pytest.raises(ValidationError) as refusal:
        field.clean(["a", "canary"])
    assert refusal.value.messages == ["Choose one or more of: a, b."]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-03-02", DAY, DAY + timedelta(days=1)),
        ("2026-03-02T10:00:00Z", DAY.replace(hour=10), DAY.replace(hour=10) + STEP),
        ("2026-03-02T10:00:00+02:00", DAY.replace(hour=8), DAY.replace(hour=8) + STEP),
        ("2026-03-02 10:00", DAY.replace(hour=10), DAY.replace(hour=10) + STEP),
        ("", None, None),
    ],
)
def test_a_period_holds_both_its_ends(text, start, end):
    assert (StartField(required=False).clean(text), EndField(required=False).clean(text)) == (start, end)


def test_a_day_is_one_of_the_readers_zone():
    with timezone.override("Europe/Berlin"):
        assert StartField().clean("2026-03-02") == DAY - timedelta(hours=1)
        assert EndField().clean("2026-03-02") == DAY + timedelta(hours=23)


@pytest.mark.parametrize("field", [StartField, EndField])
@pytest.mark.parametrize(
    "text", ["soon", "2026-02-30", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_what_no_calendar_has_is_refused(field, text):
    with pytest.raises(ValidationError):
        field().clean(text)


def test_every_wrong_filter_is_named_at_once():
    with pytest.raises(InvalidInput) as refusal:
        parse_filters(QueryDict("event_types=x&end_date=x&search=%00"))
    assert set(refusal.value.errors or {}) == {"event_types", "end_date", "search"}
