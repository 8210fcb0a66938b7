"""E-mails that were not sent: kept, listed for operators, and sent again."""

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from accounts.mail.services import queue_email, send_again
from accounts.mail.tasks import MAX_ATTEMPTS, send_mail
from accounts.models import OutgoingMail, User
from audit.models import AuditEvent
from therapybridge.core.actor import SYSTEM

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:accounts_outgoingmail_changelist")


@pytest.fixture
def given_up() -> OutgoingMail:
    email = queue_email("password_reset", "ann@example.org", "A subject", ["A secret link."])
    assert email
    OutgoingMail.objects.update(attempts=MAX_ATTEMPTS, last_error="SMTPServerDisconnected")
    send_mail()
    email.refresh_from_db()
    assert email.status == "failed"
    return email


@pytest.fixture
def operator(client_for):
    person = User.objects.create_superuser(email="operator@example.org", password="x", first_name="O", last_name="P")
    return client_for(person)


def test_an_operator_sees_why_it_was_not_sent_but_neither_address_nor_words(operator, given_up):
    page = operator.get(PAGE).content.decode()
    assert "password_reset" in page
    assert "SMTPServerDisconnected" in page
    assert not [word for word in ("ann@example.org", "A subject", "secret") if word in page]


def test_an_operator_has_it_sent_again(operator, given_up, django_capture_on_commit_callbacks):
    answer = operator.post(PAGE, {"action": "send_again", "_selected_action": [str(given_up.pk)]})
    assert answer.status_code == 302
    given_up.refresh_from_db()
    assert (given_up.status, given_up.attempts, given_up.to) == ("pending", 0, "ann@example.org")
    assert AuditEvent.objects.filter(action="mail.sent_again", target_id=given_up.pk).count() == 1
    send_mail()
    assert [sent.to for sent in django_mail.outbox] == [["ann@example.org"]]
    given_up.refresh_from_db()
    assert (given_up.status, given_up.to, given_up.last_error) == ("sent", None, "")


def test_one_that_waits_after_a_failure_is_tried_at_once(operator):
    email = queue_email("test", "ann@example.org", "S", ["x"])
    assert email
    OutgoingMail.objects.update(attempts=7, next_attempt_at="2100-01-01T00:00:00Z")
    assert send_again(OutgoingMail.objects.all(), by=SYSTEM) == 1
    send_mail()
    assert len(django_mail.outbox) == 1


def test_what_was_sent_or_has_no_words_any_more_is_not_sent_again(given_up):
    queue_email("test", "ann@example.org", "S", ["x"])
    send_mail()
    OutgoingMail.objects.filter(pk=given_up.pk).update(to=None, subject=None, text=None, html=None)
    assert send_again(OutgoingMail.objects.all(), by=SYSTEM) == 0
