"""JSON as the API writes it."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.utils.serializer_helpers import ReturnDict

from therapybridge.core.api.renderers import OrjsonRenderer
from therapybridge.core.fields import Sealed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 3, 2, 10, 5, tzinfo=UTC), b'"2026-03-02T10:05:00.000000Z"'),
        (datetime(2026, 3, 2, 10, 5, 0, 7, tzinfo=UTC), b'"2026-03-02T10:05:00.000007Z"'),
        (datetime(2026, 3, 2, 0, 5, tzinfo=timezone(timedelta(hours=1))), b'"2026-03-01T23:05:00.000000Z"'),
        (date(2026, 3, 2), b'"2026-03-02"'),
        (UUID(int=1), b'"00000000-0000-0000-0000-000000000001"'),
        (Decimal("1.50"), b'"1.50"'),
        (timedelta(seconds=90), b"90.0"),
        (gettext_lazy("Yes"), b'"Yes"'),
        ({"b", "a"}, b'["a","b"]'),
        (ReturnDict({"a": 1}, serializer=None), b'{"a":1}'),
        ([], b"[]"),
        (None, b""),
    ],
)
def test_values_have_one_form(value, text):
    assert OrjsonRenderer().render(value) == text


NO_ZONE = datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize("value", [Sealed(b"v1.x"), object(), b"bytes", NO_ZONE])
def test_what_is_not_meant_for_json_is_an_error(value):
    with pytest.raises(TypeError):
        OrjsonRenderer().render({"value": value})
