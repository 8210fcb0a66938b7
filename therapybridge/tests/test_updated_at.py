"""Whoever changes a row moves its `updated_at`, by which clients find what has changed."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import update_last_login
from django.db import connection, models
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import PASSWORD, TherapistFactory
from sessions_app.choices import SessionStatus
from sessions_app.models import TherapySession
from therapybridge.core.models import BaseModel, BaseQuerySet, uuid7
from therapybridge.tests.hashers import QuickHasher
from therapybridge.tests.test_architecture import ROOT, python_files
from timeline.models import TimelineEvent
from timeline.tests.factories import agree, make_event, make_session

pytestmark = pytest.mark.django_db
BEFORE = timezone.now() - timedelta(days=9)
MODELS = [model for model in apps.get_models() if issubclass(model, BaseModel) and model._meta.app_label != "core"]
# SQL that changes rows, and querysets that are not the house's.
AROUND = re.compile(r"""\bUPDATE\b.*\bSET\b|\bUPDATE ["{]|\bQuerySet\(|\bUpdateQuery\b|\bmodels\.Manager\(""")
# Encryption with another key changes no row, and entries of the cache have no such column.
ALLOWED = {"therapybridge/core/rotation.py", "therapybridge/core/backends/cache.py"}


class Dearer(QuickHasher):
    time_cost = 2


def aged(row: models.Model) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(updated_at=BEFORE)
    row.refresh_from_db()


def has_moved(row: models.Model) -> bool:
    return type(row)._base_manager.filter(pk=row.pk, updated_at__gt=BEFORE).exists()


@pytest.fixture
def event(patient: User) -> TimelineEvent:
    event = make_event(patient, title="Panic")
    aged(event)
    return event


def test_models_are_found():
    assert len(MODELS) > 40
    assert {User, TherapySession, TimelineEvent} <= set(MODELS)


def writes(manager: models.Manager[models.Model]) -> list[str]:
    """What changing one of the rows asks the database; nothing where the manager refuses it."""
    with CaptureQueriesContext(connection) as ran, suppress(TypeError):
        manager.filter(pk=uuid7()).update(created_at=BEFORE)
    return [query["sql"] for query in ran]


def test_every_manager_moves_it():
    for model in MODELS:
        managers = [*model._meta.managers, model._default_manager, model._base_manager]
        assert all(isinstance(manager.all(), BaseQuerySet) for manager in managers), model
        assert all('"updated_at" = ' in sql for manager in managers for sql in writes(manager)), model
        assert writes(model._base_manager), model


def test_what_each_manager_writes(event):
    TimelineEvent.objects.filter(pk=event.pk).update(title="Sleep")
    assert has_moved(event)


def test_one_call_for_many_rows_moves_it(event):
    event.title = "Sleep"
    TimelineEvent.objects.bulk_update([event], ["title"])
    assert has_moved(event)


def test_a_related_manager_moves_it(patient, therapist):
    item = agree(make_session(patient, therapist), "Breathe")
    aged(item)
    item.session.action_items.update(is_for_patient=False)
    assert has_moved(item)


@pytest.mark.parametrize("read", [[], ["title"]], ids=["whole", "deferred"])
def test_saving_moves_it(event, read):
    held = TimelineEvent.objects.only(*read).get(pk=event.pk) if read else event
    held.title = "Sleep"
    held.save(update_fields=["title"]) if not read else held.save()
    assert has_moved(event)


def test_a_reference_that_a_deletion_empties_moves_it(event):
    author = TherapistFactory(clinic=event.patient.clinic)
    TimelineEvent.objects.filter(pk=event.pk).update(therapist=author, updated_at=BEFORE)
    author.delete()
    event.refresh_from_db()
    assert event.therapist is None
    assert has_moved(event)


def test_who_says_so_leaves_it(event):
    TimelineEvent.objects.filter(pk=event.pk).update(title="Sleep", updated_at=F("updated_at"))
    TimelineEvent.objects.filter(pk=event.pk).update()
    assert not has_moved(event)


def test_a_step_of_a_state_machine_tells_the_object_too(therapist, patient):
    session = TherapySession.objects.create(
        clinic=patient.clinic, patient=patient, therapist=therapist, session_date=BEFORE
    )
    aged(session)
    session.move_to(SessionStatus.FAILED)
    assert has_moved(session)
    assert session.updated_at == TherapySession.objects.get(pk=session.pk).updated_at


def test_signing_in_is_no_change_of_the_person(therapist):
    """Links in e-mails and edits of a patient's details are bound to it."""
    old = Dearer().encode(PASSWORD, "salt and pepper")
    User.objects.filter(pk=therapist.pk).update(password=old, updated_at=BEFORE)
    therapist.refresh_from_db()
    update_last_login(User, therapist)
    assert therapist.check_password(PASSWORD)
    assert User.objects.get(pk=therapist.pk).password != old
    assert not has_moved(therapist)
    therapist.first_name = "Ada"
    therapist.save(update_fields=["first_name"])
    assert has_moved(therapist)


def around(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text().splitlines() if AROUND.search(line)]


def of_the_product() -> Iterator[Path]:
    apart = {"tests", "e2e", "bench"}
    return (path for path in python_files() if not apart & set(path.relative_to(ROOT).parts))


def test_nobody_goes_around_it():
    found = {path.relative_to(ROOT).as_posix(): around(path) for path in of_the_product()}
    assert {name for name, lines in found.items() if lines} == ALLOWED, found


@pytest.mark.parametrize(
    "line",
    [
        'cursor.execute("UPDATE sessions_app_therapysession SET number = 1")',
        'cursor.execute(f"UPDATE {table} SET number = 1")',
        "models.QuerySet(model=TherapySession).update(number=1)",
        "objects = models.Manager()",
    ],
)
def test_who_goes_around_it_is_noticed(tmp_path, line):
    (tmp_path / "stray.py").write_text(f"{line}\n# as FOR UPDATE does, and TimelineEventQuerySet\n")
    assert around(tmp_path / "stray.py") == [line]
