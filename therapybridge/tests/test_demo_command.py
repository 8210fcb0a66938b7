"""The command that creates the demonstration clinic: when, for whom, and on which days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Clinic, User
from sessions_app.models import TherapySession
from therapybridge.demo import dates, people, seeding
from therapybridge.demo.clock import story_time

NEW_YEAR = datetime(2026, 1, 3, 1, 30, tzinfo=UTC)  # a Friday evening in New York, after the holidays
SUMMER = datetime(2025, 7, 5, 15, 0, tzinfo=UTC)  # the day after a holiday
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]


def run(*flags):
    out = StringIO()
    call_command("demo", *flags, stdout=out)
    return out.getvalue()


def test_production_gets_no_demonstration(settings):
    settings.IS_PRODUCTION = True
    assert run("--if-empty") == ""
    with pytest.raises(CommandError, match="production"):
        run()
    assert not Clinic.objects.exists()


def test_no_other_way_leads_to_a_demonstration_in_production(settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="production"):
        seeding.seed("office-hours-only", now=NEW_YEAR)
    now = timezone.now
    with pytest.raises(ImproperlyConfigured, match="production"), story_time(NEW_YEAR):
        pass
    assert timezone.now is now
    assert not Clinic.objects.exists()


def test_the_operator_chooses_the_password(settings):
    settings.DEMO_PASSWORD = "chosen-by-the-operator"
    run()
    assert authenticate(username="admin@demo.example", password="chosen-by-the-operator").is_clinic_admin


def test_two_installations_have_different_passwords():
    assert people.readable_password() != people.readable_password()


@pytest.mark.parametrize("now", [NEW_YEAR, SUMMER])
def test_sessions_lie_in_office_hours_of_open_days(now):
    seeding.seed("office-hours-only", now=now)
    zone = Clinic.objects.get().users.first().zone
    local = [s.session_date.astimezone(zone) for s in TherapySession.objects.all()]
    assert all(dates.is_open(day.date()) and 8 <= day.hour < 18 for day in local)
    assert max(local).date() == dates.last_working_day(now, zone)
    assert timedelta(days=60) < max(local) - min(local) < timedelta(days=120)
    held = Counter(TherapySession.objects.values_list("therapist_id", "session_date"))
    assert set(held.values()) == {1}


@pytest.mark.parametrize("first", [date(2026, 11, 1), date(2028, 11, 1), date(2029, 11, 1)])
def test_the_practice_is_closed_on_the_fourth_thursday_of_november(first):
    thursdays = [day for day in (first + timedelta(days=n) for n in range(30)) if day.weekday() == 3]
    assert [dates.is_open(day) for day in thursdays][:4] == [True, True, True, False]
    assert all(dates.is_open(day) for day in thursdays[4:])


def test_a_clinic_of_somebody_else_is_left_alone():
    Clinic.objects.create(name="Real practice")
    assert "none" in run("--if-empty")
    assert not User.objects.exists()


def test_a_run_that_loses_the_race_leaves_nothing(monkeypatch):
    """The winner's staff already exist when the loser, who saw no clinic, inserts its own."""
    User.objects.create_user("therapist@demo.example", first_name="Winner", role="admin", is_superuser=True)
    answer = run("--if-empty")
    assert "therapist@demo.example" in answer
    assert (Clinic.objects.count(), User.objects.count()) == (0, 1)
