"""The outbox: written with the change, claimed, sent once, retried, given up on, emptied once it was sent."""

import threading
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

import pytest
from celery import current_app
from django.core import mail as django_mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.mail.services import queue_email
from accounts.mail.tasks import MAX_ATTEMPTS, MAX_DEATHS, MAX_REFUSALS, RUNNING, send_mail
from accounts.models import OutgoingMail
from accounts.tests.factories import ClinicFactory

HERE = "accounts.mail.tests.test_mail"
LINK = "https://example.org/x"


class Away(BaseEmailBackend):
    """A server that cannot be reached."""

    tried: list[str] = []

    def send_messages(self, messages) -> int:
        self.tried.extend(to for message in messages for to in message.to)
        raise SMTPServerDisconnected("away")


class Failing(BaseEmailBackend):
    """A server, or a worker, that fails as the test says."""

    error: BaseException
    tried: list[str] = []

    def send_messages(self, messages) -> int:
        self.tried.extend(to for message in messages for to in message.to)
        raise self.error


class Slow(BaseEmailBackend):
    """A server to which two workers connect at once."""

    sent: list[str] = []
    gate = threading.Barrier(2)

    def send_messages(self, messages) -> int:
        self.sent.extend(to for message in messages for to in message.to)
        return len(messages)


class Slower(BaseEmailBackend):
    """A server so slow that the claim is over, and another worker comes by, before it answers."""

    refuses = False

    def send_messages(self, messages) -> int:
        make_due()
        cache.delete(RUNNING)
        with override_settings(EMAIL_BACKEND=f"{HERE}.Away"):
            send_mail()
        if self.refuses:
            raise SMTPServerDisconnected("away")
        return len(messages)


class SlowerAndAway(Slower):
    """It answers in the end that it cannot."""

    refuses = True


@pytest.fixture
def email(db) -> OutgoingMail:
    return queue_email("test", "ann@example.org", "A subject", ["One & two.", "Three."], button=("Go", LINK))


@pytest.fixture
def fail(settings, monkeypatch):
    """Let every attempt fail with an error; returns the addresses that were tried."""

    def fail(error: BaseException) -> list[str]:
        settings.EMAIL_BACKEND = f"{HERE}.Failing"
        monkeypatch.setattr(Failing, "error", error, raising=False)
        monkeypatch.setattr(Failing, "tried", [])
        return Failing.tried

    return fail


def refused(*codes: int) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({f"{code}@example.org": (code, b"no") for code in codes})


def make_due(**changes) -> None:
    OutgoingMail.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1), **changes)


def is_empty(row: OutgoingMail) -> bool:
    return (row.to, row.subject, row.text, row.html) == (None, None, None, None)


def test_an_email_is_sent_once_and_emptied(email):
    send_mail()
    send_mail()
    [sent] = django_mail.outbox
    assert (sent.to, sent.subject) == (["ann@example.org"], "A subject")
    email.refresh_from_db()
    assert (email.status, email.attempts, is_empty(email)) == ("sent", 1, True)
    assert email.sent_at


def test_it_has_words_for_people_and_for_programs(email):
    send_mail()
    [sent] = django_mail.outbox
    assert "One & two." in sent.body
    assert f"Go: {LINK}" in sent.body
    [(html, kind)] = [tuple(part) for part in sent.alternatives]
    assert kind == "text/html"
    assert "One &amp; two." in html
    assert html.count("<a ") == 1
    assert f'href="{LINK}"' in html
    assert "style=" not in html
    assert "TherapyBridge" in html
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_clinic_is_named(db):
    queue_email("test", "ann@example.org", "S", ["x"], clinic=ClinicFactory(name="Praxis <Nord>"))
    send_mail()
    [sent] = django_mail.outbox
    assert "Praxis <Nord>" in sent.body
    assert "Praxis &lt;Nord&gt;" in sent.alternatives[0][0]


def test_a_name_adds_no_lines_of_its_own(db):
    name = "Praxis\r\n\nGo to\u2028https://evil.example"
    queue_email("test", "ann@example.org", f"From {name}", [f"{name} asks."], clinic=ClinicFactory(name=name))
    send_mail()
    [sent] = django_mail.outbox
    said = "Praxis Go to https://evil.example"
    assert sent.subject == f"From {said}"
    assert sent.body.strip().split("\n") == [f"{said} asks.", "", said]


def test_without_an_address_there_is_no_email(db):
    assert queue_email("test", None, "S", ["x"]) is None
    assert not OutgoingMail.objects.exists()


def test_the_row_is_sealed(email):
    assert "ann@example.org" not in str(OutgoingMail.objects.values().get())


def test_a_change_that_fails_sends_nothing(db):
    with transaction.atomic():
        queue_email("test", "ann@example.org", "S", ["x"])
        transaction.set_rollback(True)
    send_mail()
    assert django_mail.outbox == []


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(email, settings):
    settings.EMAIL_BACKEND = f"{HERE}.Away"
    Away.tried.clear()
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        send_mail()
        email.refresh_from_db()
        waits.append(round((email.next_attempt_at - timezone.now()).total_seconds() / 60))
        assert (email.status, email.to) == ("pending", "ann@example.org")
        send_mail()  # not due yet
        make_due()
    assert waits == [2, 4, 8, 16, 32] + [60] * (MAX_ATTEMPTS - 6)
    assert sum(waits) > 47 * 60
    send_mail()
    make_due()
    send_mail()
    email.refresh_from_db()
    assert (email.status, email.attempts, is_empty(email)) == ("failed", MAX_ATTEMPTS, False)
    assert len(Away.tried) == MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (refused(550), "failed"),
        (refused(450), "pending"),
        (refused(550, 450), "pending"),
        (SMTPDataError(554, b"no"), "failed"),
        (SMTPDataError(451, b"later"), "pending"),
        (SMTPAuthenticationError(535, b"no"), "pending"),
    ],
)
def test_only_what_is_refused_for_good_is_given_up_sooner(email, fail, error, status):
    fail(error)
    for _ in range(MAX_REFUSALS):
        make_due()
        send_mail()
    email.refresh_from_db()
    assert (email.status, email.attempts, is_empty(email)) == (status, MAX_REFUSALS, False)


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (TimeoutError("swallowed"), 1),
        (ConnectionRefusedError("away"), 1),
        (SMTPServerDisconnected("away"), 1),
        (SMTPConnectError(554, b"no"), 1),
        (SMTPHeloError(501, b"no"), 1),
        (SMTPAuthenticationError(535, b"no"), 1),
        (refused(450), 3),
        (SMTPDataError(554, b"no"), 3),
    ],
)
def test_a_run_ends_with_the_first_attempt_when_the_server_is_away(db, fail, error, attempts):
    for name in ("ann", "bob", "cyd"):
        queue_email("test", f"{name}@example.org", "S", ["x"])
    tried = fail(error)
    send_mail()
    assert len(tried) == attempts
    assert sum(OutgoingMail.objects.values_list("attempts", flat=True)) == attempts
    send_mail()
    assert len(set(tried)) == min(attempts + 1, 3)  # the next run begins with another


def test_there_is_one_run_at_a_time(email):
    cache.add(RUNNING, 1, 60)
    send_mail()
    assert django_mail.outbox == []
    cache.delete(RUNNING)
    send_mail()
    assert len(django_mail.outbox) == 1
    assert cache.get(RUNNING) is None


def test_an_email_that_kills_its_workers_is_claimed_few_times(email, fail):
    tried = fail(SystemExit())
    for _ in range(MAX_DEATHS):
        make_due()
        with pytest.raises(SystemExit):
            send_mail()
    make_due()
    send_mail()
    email.refresh_from_db()
    assert (email.status, len(tried), is_empty(email)) == ("failed", MAX_DEATHS, False)


def test_a_failure_that_was_seen_is_no_death_of_a_worker(email, fail):
    make_due(unanswered=MAX_DEATHS - 1)
    fail(TimeoutError())
    send_mail()
    make_due()
    send_mail()
    email.refresh_from_db()
    assert (email.status, email.attempts, email.unanswered) == ("pending", 2, 0)


def test_what_came_back_is_sent_in_the_end(email, settings):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{HERE}.Away"
    send_mail()
    settings.EMAIL_BACKEND = working
    make_due()
    send_mail()
    assert len(django_mail.outbox) == 1


def test_one_email_that_cannot_be_sent_keeps_no_other_back(email):
    queue_email("test", "bob@example.org", "S", ["x"])
    broken = OutgoingMail._meta.get_field("subject").seal("two\nlines", email.pk)
    OutgoingMail.objects.filter(pk=email.pk).update(subject=broken)
    send_mail()
    assert [sent.to for sent in django_mail.outbox] == [["bob@example.org"]]
    email.refresh_from_db()
    assert (email.status, email.attempts) == ("pending", 1)


def test_an_email_that_does_not_open_keeps_no_other_back(email):
    other = queue_email("test", "bob@example.org", "S", ["x"])
    moved = OutgoingMail.objects.values_list("to", flat=True).get(pk=other.pk)
    OutgoingMail.objects.filter(pk=email.pk).update(to=moved)
    send_mail()
    assert [sent.to for sent in django_mail.outbox] == [["bob@example.org"]]


def test_an_email_whose_workers_keep_dying_is_given_up(email):
    make_due(attempts=MAX_ATTEMPTS)
    send_mail()
    email.refresh_from_db()
    assert (email.status, is_empty(email), django_mail.outbox) == ("failed", False, [])


def test_a_late_answer_to_the_last_attempt_does_not_undo_that_it_was_given_up(email, settings):
    settings.EMAIL_BACKEND = f"{HERE}.Slower"
    make_due(attempts=MAX_ATTEMPTS - 1)
    send_mail()
    email.refresh_from_db()
    assert (email.status, email.sent_at, is_empty(email)) == ("failed", None, False)


def test_a_late_failure_does_not_move_the_next_attempt(email, settings):
    settings.EMAIL_BACKEND = f"{HERE}.SlowerAndAway"
    send_mail()
    email.refresh_from_db()
    wait = round((email.next_attempt_at - timezone.now()).total_seconds() / 60)
    assert (email.status, email.attempts, wait) == ("pending", 2, 4)


def test_a_late_success_counts_while_others_still_try(email, settings):
    settings.EMAIL_BACKEND = f"{HERE}.Slower"
    send_mail()
    email.refresh_from_db()
    assert (email.status, email.attempts, is_empty(email)) == ("sent", 2, True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_no_email_twice(settings):
    settings.EMAIL_BACKEND = f"{HERE}.Slow"
    Slow.sent.clear()
    for number in range(20):
        queue_email("test", f"{number}@example.org", "S", ["x"])

    def work() -> None:
        Slow.gate.wait(10)
        send_mail()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(Slow.sent) == sorted(f"{number}@example.org" for number in range(20))
    assert set(OutgoingMail.objects.values_list("status", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_schedule_sends_it(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app._get_current_object(), "_pool", None)
    email = queue_email("test", "ann@example.org", "S", ["x"])
    email.refresh_from_db()
    assert email.status == "pending"
    [entry] = [one for one in current_app.conf.beat_schedule.values() if one["task"] == send_mail.name]
    current_app.tasks[entry["task"]].apply()
    email.refresh_from_db()
    assert email.status == "sent"
