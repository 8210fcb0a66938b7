"""A password that another keyboard sends in another Unicode form is the same password."""

import unicodedata
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password

from accounts.authentication.services.passwords import change_password
from accounts.models import User
from accounts.tests.factories import PASSWORD, TherapistFactory
from therapybridge.core.actor import Actor
from therapybridge.tests.hashers import QuickHasher

pytestmark = pytest.mark.django_db
TYPED = "Zoë ﬁne otters 26"
FORMS = ["NFC", "NFD", "NFKC", "NFKD"]


def counted(costs, name):
    method = getattr(QuickHasher, name)

    def count(*args, **given):
        costs[name] += 1
        return method(*args, **given)

    return count


def sign_in(user, password):
    return authenticate(email=user.email, password=password) == user


@pytest.mark.parametrize("form", FORMS)
def test_a_new_password_signs_in_from_every_keyboard(form):
    user = TherapistFactory()
    change_password(PASSWORD, unicodedata.normalize(form, TYPED), by=Actor(user=user))
    assert [sign_in(user, unicodedata.normalize(other, TYPED)) for other in FORMS] == [True] * 4
    assert not sign_in(user, TYPED + "!")


@pytest.mark.parametrize("form", FORMS)
def test_a_hash_from_before_still_works_as_it_was_typed(form):
    user = TherapistFactory()
    typed = unicodedata.normalize(form, TYPED)
    User.objects.filter(pk=user.pk).update(password=make_password(typed))
    assert sign_in(user, typed)


def test_an_unknown_person_costs_as_many_hashes_as_a_known_one(monkeypatch):
    user, costs = TherapistFactory(), Counter()
    for name in ("encode", "verify"):
        monkeypatch.setattr(QuickHasher, name, counted(costs, name))
    authenticate(email=user.email, password=TYPED)
    authenticate(email="nobody@example.org", password=TYPED)
    assert costs == {"verify": 4, "encode": 4}
