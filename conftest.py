"""Personas, and clients that are signed in as them."""

import gc
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from rest_framework.test import APIClient
from uuid_utils import compat

from accounts.authentication.services import tokens
from accounts.consent import triggers as consent_triggers
from accounts.models import AuthSession, Clinic, User
from accounts.tests.factories import (
    AdminFactory,
    BreakGlassFactory,
    CareFactory,
    ClinicFactory,
    PatientFactory,
    TherapistFactory,
    give_consents,
)
from audit import triggers
from audit.tests import full_disk
from sessions_app.risk import triggers as risk_triggers
from therapybridge.celery import app as celery_app
from therapybridge.core import changes, heartbeat, limits, witnesses
from therapybridge.core.actor import Actor
from therapybridge.core.backends.cache import AtomicDatabaseCache

pytest_plugins = ["therapybridge.tests.databases", "therapybridge.tests.leaks"]

# How long an example takes says something about the machine, nothing about the code.
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out processes, the matrix and what is slow")
    parser.addoption("--services", action="store_true", help="only what asks a database, a cache or a broker")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start the tests with real processes first: they take minutes, the others fill the time beside them."""
    items.sort(key=lambda item: item.get_closest_marker("processes") is None)
    if config.getoption("fast"):
        keep(items, lambda item: not takes_long(item), config)
    if config.getoption("services"):
        keep(items, asks_services, config)


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among modules and tests, which stay: it took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def keep(items: list[pytest.Item], wanted: Callable[[pytest.Item], bool], config: pytest.Config) -> None:
    """Leave out the other tests."""
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def asks_services(item: pytest.Item) -> bool:
    """Whether it can end otherwise with another database or broker."""
    return not item.get_closest_marker("any_database") and bool(
        {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        or any(item.get_closest_marker(name) for name in ("django_db", "processes"))
    )


def takes_long(item: pytest.Item) -> bool:
    """Marked so, or commits (the database is emptied afterwards), or draws many examples."""
    is_marked = any(item.get_closest_marker(name) for name in ("processes", "matrix", "slow"))
    return is_marked or commits(item) or getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def commits(item: pytest.Item) -> bool:
    """Whether a test's transactions are real ones."""
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    return bool({"transactional_db", "live_server"} & names) or bool(
        marker and (marker.args[:1] == (True,) or marker.kwargs.get("transaction"))
    )


@pytest.fixture(scope="session", autouse=True)
def _broker_of_its_own() -> None:
    """Wake-ups of in-process tests reach no installation's worker."""
    celery_app.conf.broker_url = "memory://"
    celery_app.conf.broker_transport_options = {}


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """The cost of a real hash is more than that of most tests."""
    with override_settings(PASSWORD_HASHERS=["therapybridge.tests.hashers.QuickHasher"]):
        yield


@pytest.fixture(scope="session")
def _static_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("static"))


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path, _static_root: str) -> None:
    """No test writes where another one, or an installation, reads; none needs collected static files."""
    settings.STORAGE_DIR = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.STATIC_ROOT = _static_root
    # Counts and cached values of other tests, also of those that run beside this one, stay theirs.
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}
    # Where queries are counted, no window of a limit may end in the middle: the first request of one takes fewer;
    # nor may the cache sweep its table, which it does once in 500 writes of a process, nor a list ask which
    # transactions run, which it does once in some seconds.
    settings.LIMITS = {**settings.LIMITS, "read": "1000000/d", "write": "100000/d", "urgent": "100000/d"}
    AtomicDatabaseCache._writes = count(1)
    witnesses.forget()
    limits.cache_pause.worked()
    changes._kept[:] = [(time.monotonic() + 3600, timezone.now() - changes.MARGIN)]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session")
def _trail_is_open() -> set[str]:
    """Holds a word once a test has left the trail's tables without their triggers."""
    return set()


@pytest.fixture(autouse=True)
def _heartbeat_is_slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a test's transaction, which the thread of a heartbeat cannot see, a lease seems to be lost."""
    if not commits(request.node):
        monkeypatch.setattr(heartbeat, "NOTICED_WITHIN", 3600.0)


@pytest.fixture(autouse=True)
def _trail_lets_itself_be_flushed(request: pytest.FixtureRequest, _trail_is_open: set[str]) -> Iterator[None]:
    """A test with transactions is cleaned up by deleting everything, which the triggers of trail and reviews refuse.

    They are dropped after such a test, before the database fixture ends, and are there again for the next one.
    """
    is_transactional = commits(request.node)
    has_database = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    if not has_database and not is_transactional:
        yield
        return
    request.getfixturevalue("_django_db_helper")  # first, so that it ends last
    if is_transactional or _trail_is_open:
        with connection.cursor() as cursor:
            triggers.install(cursor.execute, connection.vendor)
            consent_triggers.install(cursor.execute, connection.vendor)
            risk_triggers.install(cursor.execute, connection.vendor)
            risk_triggers.install_for_sources(cursor.execute, connection.vendor)
    yield
    if is_transactional:
        with connection.cursor() as cursor:
            triggers.remove(cursor.execute, connection.vendor)
            consent_triggers.remove(cursor.execute, connection.vendor)
            risk_triggers.remove(cursor.execute, connection.vendor)
        _trail_is_open.add("yes")


@pytest.fixture
def break_the_trail(db: None) -> Iterator[Callable[[], None]]:
    """Makes the database refuse new audit rows."""
    yield full_disk.break_trail
    full_disk.mend_trail()


@pytest.fixture
def still_clock() -> Iterator[None]:
    """Time stands still, so that no window of a rate limit ends in the middle of a test."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def keys_keep_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys follow a clock that a test moves, which their library would not see."""
    uuid7 = compat.uuid7
    monkeypatch.setattr(compat, "uuid7", lambda: uuid7(nanoseconds=time.time_ns()))


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """A browser in which the person has just signed in, with a second factor if `second_factor` says so."""

    def signed_in(user: User, *, second_factor: bool = False) -> Client:
        client = Client()
        client.force_login(user)
        if second_factor:
            AuthSession.objects.filter(pk=client.session["sid"]).update(
                second_factor_at=timezone.now(), factor_used_at=timezone.now()
            )
        return client

    return signed_in


@pytest.fixture
def api_for() -> Callable[..., APIClient]:
    """A device that holds a real access token of the person."""

    def device(user: User, *, second_factor: bool = False) -> APIClient:
        client = APIClient()
        pair = tokens.issue_pair(user, by=Actor(), with_second_factor=second_factor)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access_token}")
        return client

    return device


@pytest.fixture
def clinic(db: None) -> Clinic:
    return ClinicFactory()


@pytest.fixture
def therapist(clinic: Clinic) -> User:
    return TherapistFactory(clinic=clinic)


@pytest.fixture
def patient(therapist: User) -> User:
    """Treated by `therapist`, and agreed to recording and AI processing."""
    person = PatientFactory(clinic=therapist.clinic)
    CareFactory(therapist=therapist, patient=person)
    give_consents(person)
    return person


@pytest.fixture
def other_therapist(clinic: Clinic) -> User:
    """Of the same clinic, without a relation to `patient`."""
    return TherapistFactory(clinic=clinic)


@pytest.fixture
def foreign_therapist(db: None) -> User:
    """Of another clinic, with a patient there."""
    person = TherapistFactory()
    CareFactory(therapist=person)
    return person


@pytest.fixture
def readers(patient: User, therapist: User, other_therapist: User, foreign_therapist: User) -> list[User]:
    """Everyone who might read of the patient, by every reason to be let in or not."""
    clinic, now = patient.clinic, timezone.now()
    former, granted, over, ended, closed = (TherapistFactory(clinic=clinic) for _ in range(5))
    CareFactory(therapist=former, patient=patient, is_active=False)
    for person, fields in (
        (granted, {}),
        (over, {"expires_at": now - timedelta(seconds=1)}),
        (ended, {"ended_at": now}),
        (foreign_therapist, {}),
    ):
        BreakGlassFactory(therapist=person, patient=patient, **fields)
    CareFactory(therapist=closed, patient=patient)
    closed.is_active = False
    others = [PatientFactory(clinic=clinic), AdminFactory(clinic=clinic)]
    return [therapist, patient, former, granted, over, ended, closed, other_therapist, foreign_therapist, *others]
