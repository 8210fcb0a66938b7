"""Signing links about a plan: the decision is tied to the version that was asked about."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.consent.signals import consent_signed
from accounts.models import ConsentEntry, ConsentRequest
from accounts.tests.factories import access_for
from treatment.models import PlanConsent, PlanConsentRequest
from treatment.plans.services.consents import agreement_of
from treatment.plans.services.lifecycle import complete_plan
from treatment.plans.services.writing import change_plan
from treatment.plans.tests.factories import make_active_plan, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(therapist, patient):
    return make_active_plan(patient, therapist, title="Zebra crossing")


@pytest.fixture
def ask(api_for, therapist, plan):
    """Create a signing link; the answer of the API."""
    return lambda version=1, **headers: api_for(therapist).post(
        f"/api/v1/plans/{plan.pk}/consents/request", {"version": version}, format="json", headers=headers
    )


def path_of(answer):
    return "/sign/" + answer.json()["link"].rpartition("/")[2]


def sign(path, choice="granted"):
    client = Client()
    page = client.get(path).content.decode()
    digest = re.search(r'name="digest" value="(\w+)"', page).group(1)
    form = {"choice_treatment_plan": choice, "signer_role": "patient", "signer_name": "Mia", "digest": digest}
    return client.post(path, form)


@pytest.mark.parametrize(("choice", "state"), [("granted", "given"), ("declined", "declined")])
def test_what_is_signed_is_the_decision_about_the_plan(ask, plan, choice, state):
    assert sign(path_of(ask()), choice)["Location"] == "/signed"
    found = agreement_of(plan)
    assert (found.state, found.version, found.entry.method) == (state, 1, "electronic")


def test_the_link_says_nothing_of_the_plan(ask, client, plan, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        path = path_of(ask())
    shown = client.get(path).content.decode()
    assert "the plan for your treatment" in shown
    for text in (shown, path, *(message.subject + message.body for message in mail.outbox)):
        assert "Zebra" not in text
        assert "F41" not in text
        assert str(plan.pk) not in text


def test_a_plan_that_changed_meanwhile_was_agreed_to_as_it_was(ask, plan, therapist, patient):
    path = path_of(ask())
    change_plan(plan, revision=plan.revision, access=access_for(therapist, patient), title="Rest")
    sign(path)
    found = agreement_of(plan)
    assert (found.state, found.version) == ("outdated", 1)
    assert ask().json()["code"] == "edit_conflict"
    sign(path_of(ask(2)))
    assert agreement_of(plan).is_given


def test_a_link_ends_the_one_before_and_a_repeat_makes_none(ask):
    first, second = ask(**{"Idempotency-Key": "one"}), ask(**{"Idempotency-Key": "one"})
    assert (first.status_code, first.json()) == (201, second.json())
    ask()
    assert Client().get(path_of(first)).status_code == 404
    assert [one.state for one in ConsentRequest.objects.order_by("id")] == ["revoked", "open"]


def test_drafts_and_ended_plans_are_not_asked_about(ask, api_for, therapist, patient, plan):
    draft = make_plan(patient, therapist)
    body, api = {"version": 1}, api_for(therapist)
    assert api.post(f"/api/v1/plans/{draft.pk}/consents/request", body, format="json").status_code == 409
    complete_plan(plan, revision=plan.revision, access=access_for(therapist, patient))
    assert ask().json()["code"] == "plan_not_open"
    assert not ConsentRequest.objects.exists()


def test_a_decision_that_cannot_be_tied_to_its_plan_is_not_recorded(ask):
    def fail(sender, **kwargs):
        raise RuntimeError

    path = path_of(ask())
    consent_signed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            sign(path)
    finally:
        consent_signed.disconnect(fail)
    assert not ConsentEntry.objects.filter(consent_type="treatment_plan").exists()
    assert not PlanConsent.objects.exists()
    assert ConsentRequest.objects.get().state == "open"


def test_the_page_of_a_plan_offers_a_link_and_says_that_one_is_open(client_for, therapist, plan):
    browser = client_for(therapist)
    assert f'action="/plans/{plan.pk}/consent/request"' in browser.get(f"/plans/{plan.pk}").text
    shown = browser.post(f"/plans/{plan.pk}/consent/request", {"version": 1})
    assert (shown.status_code, 'id="link"' in shown.text) == (200, True)
    assert f'href="/plans/{plan.pk}#consent"' in shown.text
    assert "A link is open until" in browser.get(f"/plans/{plan.pk}").text
    late = browser.post(f"/plans/{plan.pk}/consent/request", {"version": 2}, follow=True)
    assert "changed this plan" in late.text
    assert PlanConsentRequest.objects.count() == 1
