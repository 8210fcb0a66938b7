"""Rate limits, their counter, and which requests are counted together."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.tests.factories import ClinicFactory, TherapistFactory
from therapybridge.core import limits
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.backends.cache import AtomicDatabaseCache
from therapybridge.core.backends.values import JsonValues
from therapybridge.core.errors import RateLimited

CONFIGURED = settings.CACHES  # the cache that the tests run on
# No window of a limit ends within a test.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture(autouse=True)
def cache(settings, db) -> AtomicDatabaseCache:
    """Use the database cache, whatever the tests run on."""
    call_command("createcachetable", "cache", verbosity=0)
    settings.CACHES = {
        "default": {"BACKEND": "therapybridge.core.backends.cache.AtomicDatabaseCache", "LOCATION": "cache"}
    }
    settings.LIMITS = {"read": "4/h", "write": "3/h", "signing": "2/h", "export": "1/h"}
    settings.ROOT_URLCONF = "therapybridge.tests.core_urls"
    caches["default"].clear()  # tests that really commit leave their counts behind
    return caches["default"]


@pytest.fixture
def request_of():
    """A request from an address; keywords are headers."""

    def make(address: str, **headers: str):
        request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
        request.user = AnonymousUser()
        return request

    return make


def test_the_limit_is_reached_and_says_when_to_come_back():
    for _ in range(2):
        limits.check("signing", "user:1")
    with pytest.raises(RateLimited) as refusal:
        limits.check("signing", "user:1")
    assert 1 <= refusal.value.retry_after <= 3600


NO_SHARED_CACHE = {
    "BACKEND": "therapybridge.core.backends.counting.CountingRedisCache",
    "LOCATION": "redis://127.0.0.1:1/0",
}


@pytest.mark.parametrize("counter", ["shared", "own"])
def test_keys_and_names_are_counted_apart(settings, counter):
    if counter == "own":
        settings.CACHES = {"default": NO_SHARED_CACHE}
    # Of one rate, which is part of the counter's key, too.
    settings.LIMITS = {"export": "1/h", "upload": "1/h"}
    people = [uuid4(), uuid4()]
    for person in people:
        limits.check("export", f"user:{person}")
        limits.check("upload", f"user:{person}")
    for person in people:
        with pytest.raises(RateLimited):
            limits.check("export", f"user:{person}")


def test_a_page_over_its_limit_is_a_429():
    statuses = [Client().post("/sign") for _ in range(3)]
    assert [response.status_code for response in statuses] == [200, 200, 429]
    assert int(statuses[-1]["Retry-After"]) >= 1
    assert Client().get("/sign").status_code == 200


def test_the_api_counts_reads_and_writes_and_named_actions_apart():
    api = APIClient()
    assert [api.get("/api/items").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert [api.post("/api/items", {"title": "a"}, format="json").status_code for _ in range(4)] == [204, 204, 204, 429]
    assert [api.put("/api/items").status_code for _ in range(2)] == [200, 429]


def test_each_response_of_the_api_says_what_is_left():
    api = APIClient()
    told = [api.get("/api/items").headers for _ in range(5)]
    assert {one["RateLimit-Limit"] for one in told} == {"4"}
    assert [one["RateLimit-Remaining"] for one in told] == ["3", "2", "1", "0", "0"]
    assert told[-1]["RateLimit-Reset"] == told[-1]["Retry-After"]


def test_an_api_answer_over_the_limit_is_a_problem():
    api = APIClient()
    response = [api.put("/api/items") for _ in range(2)][-1]
    assert response.json()["code"] == "rate_limited"
    assert int(response["Retry-After"]) >= 1


def test_without_the_shared_counter_requests_are_answered_and_still_limited(settings):
    settings.CACHES = {"default": NO_SHARED_CACHE}
    person = f"user:{uuid4()}"
    limits.check("export", person)
    with pytest.raises(RateLimited):
        limits.check("export", person)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "garbage", "192.0.2.1"),
        (1, "203.0.113.9, '; DROP TABLE", "192.0.2.1"),
        (1, ",,,", "192.0.2.1"),
        (1, " 2001:db8::1 ", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "203.0.113.9:4711", "192.0.2.1"),
        (1, "\u0661.1.1.1", "192.0.2.1"),
    ],
)
def test_only_the_trusted_proxies_are_believed(settings, request_of, proxies, forwarded, address):
    settings.NUM_PROXIES = proxies
    request = request_of("192.0.2.1")
    request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert actor_of(request).address == address


@pytest.mark.parametrize("peer", ["", "unix:", "garbage"])
def test_a_peer_without_an_address_has_none(request_of, peer):
    assert actor_of(request_of(peer)).address is None
    assert limits.requester(actor_of(request_of(peer))) == "ip:None"


def test_a_forged_header_does_not_open_a_new_account_of_requests(settings):
    settings.NUM_PROXIES = 0
    statuses = [Client().post("/sign", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code for n in range(3)]
    assert statuses == [200, 200, 429]


def test_neighbours_in_an_ipv6_network_are_counted_together(request_of):
    assert limits.requester(actor_of(request_of("2001:db8::1"))) == limits.requester(
        actor_of(request_of("2001:db8::ffff"))
    )
    assert limits.requester(actor_of(request_of("2001:db8::1"))) != limits.requester(
        actor_of(request_of("2001:db8:0:1::1"))
    )


def test_the_cache_keeps_values_of_every_kind(cache):
    values = {"a": 5, "b": True, "c": "text", "d": [1, {"x": None}], "e": -3, "f": "12"}
    cache.set_many(values)
    assert cache.get_many(values) == values
    assert type(cache.get("b")) is bool


@pytest.mark.parametrize("value", [timezone.now(), {1, 2}, b"bytes", float("nan"), print])
def test_the_cache_takes_nothing_that_only_a_pickle_could_hold(cache, value):
    with pytest.raises((TypeError, ValueError)):
        cache.set("a", value)
    with pytest.raises((TypeError, ValueError)):
        JsonValues.dumps(value)  # as Redis takes it


def test_add_stores_only_what_is_missing_or_expired(cache):
    assert cache.add("a", 1, 60) is True
    assert cache.add("a", 2, 60) is False
    cache.set("b", 1, -5)
    assert cache.add("b", 2, 60) is True
    assert (cache.get("a"), cache.get("b")) == (1, 2)


def test_a_count_ends_so_long_after_its_first_use(cache, clock):
    assert [cache.count(["a"], 60)[0] for _ in range(3)] == [1, 2, 3]
    clock.shift(40)
    assert (cache.count(["a"], 60), cache.get("a")) == ([4], 4)
    clock.shift(21)
    assert cache.get("a") is None
    assert cache.count(["a"], 60) == [1]


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as traveller:
        yield traveller


def test_expired_rows_are_swept_and_live_ones_never(cache, settings, monkeypatch):
    monkeypatch.setattr("therapybridge.core.backends.cache.SWEEP_EVERY", 1)
    for number in range(400):
        cache.set(f"live{number}", number, 60)
    cache.set("dead", 1, -60)
    cache.set("another", 1, 60)
    assert len(cache.get_many([f"live{number}" for number in range(400)])) == 400
    assert rows(cache) == 401


def rows(cache: AtomicDatabaseCache) -> int:
    with connection.cursor() as cursor:
        cursor.execute('SELECT COUNT(*) FROM "cache"')
        return cursor.fetchone()[0]


def test_the_configured_cache_counts_too(settings):
    settings.CACHES = {"default": {**CONFIGURED["default"], "KEY_PREFIX": uuid4().hex}}
    shared = caches["default"]
    assert [shared.count(["a"], 60), shared.count(["b", "a"], 60)] == [[1], [1, 2]]
    assert (shared.get("a"), shared.get("c", 0)) == (2, 0)
    shared.uncount("a")
    assert shared.get("a") == 1
    assert [shared.count(["over"], -5), shared.count(["over"], -5)] == [[1], [1]]


def test_a_request_is_counted_in_one_statement(cache, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            limits.check("read", "user:1")
    member = Actor(user=TherapistFactory(clinic=ClinicFactory()))
    with django_assert_num_queries(1):
        limits.check_for("read", member)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_count_of_parallel_requests_is_lost(cache):
    def hit(_: int) -> int:
        (used,) = caches["default"].count(["hits"], 600)
        connection.close()
        return used

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(hit, range(600))) == list(range(1, 601))


@pytest.mark.parametrize(
    ("left", "told"), [(0, "1 second"), (1, "1 second"), (119, "119 seconds"), (121, "3 minutes"), (3543, "60 minutes")]
)
def test_the_wait_is_told_in_a_number_to_picture(left, told):
    with pytest.raises(RateLimited) as refused:
        limits._refuse(limits.Usage(9, 8, left))
    assert refused.value.detail == f"Too many requests. Try again in {told}."
    assert refused.value.retry_after == max(left, 1)
