"""SQL that is built once: slots, rows as the querysets give them, rows as `save` would write them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.models import AuthSession, User
from accounts.tests.factories import TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.compiled import Compiled, Slot, built_once, forget_all, insert
from therapybridge.core.lookups import Keys, Pattern

pytestmark = pytest.mark.django_db
WHO, SINCE = Slot("who", models.UUIDField()), Slot("since", models.DateTimeField())


def sessions_of(who, since):
    return AuthSession.objects.filter(user=who, expires_at__gte=since).order_by("id").values("id", "ip", "expires_at")


def make_session(user, hours):
    moment = timezone.now() + timedelta(hours=hours)
    return AuthSession.objects.create(user=user, expires_at=moment, ends_at=moment, ip="2001:db8::1")


def test_one_query_serves_all_values():
    compiled, now = Compiled(sessions_of(WHO, SINCE)), timezone.now()
    people = [TherapistFactory() for _ in range(2)]
    for person in people:
        for hours in (-1, 1, 2):
            make_session(person, hours)
    for person in people:
        expected = list(sessions_of(person.pk, now))
        assert len(expected) == 2
        assert compiled.dicts(who=person.pk, since=now) == expected
        assert compiled.count(who=person.pk, since=now) == 2


@pytest.mark.parametrize("found", [[], [1], [0, 2]])
def test_a_slot_holds_any_number_of_keys(found):
    people = [TherapistFactory() for _ in range(3)]
    keys = [people[at].pk for at in found]
    compiled = Compiled(User.objects.filter(pk__among=Slot("keys", Keys())).values_list("pk"))
    assert {pk for (pk,) in compiled.rows(keys=keys)} == set(keys)


def test_a_slot_holds_keys_of_related_rows():
    owners = [make_session(TherapistFactory(), 1).user_id for _ in range(2)]
    compiled = Compiled(AuthSession.objects.filter(user__pk__among=Slot("users", Keys())).values_list("user_id"))
    assert compiled.rows(users=owners[:1]) == [(owners[0],)]


@pytest.mark.parametrize("name", ["O'Neil", "100%", "%s %%s", "a\\b", "ö — ?", "x; DROP TABLE accounts_user"])
def test_what_is_no_slot_is_part_of_the_statement_whatever_it_says(name):
    person = TherapistFactory(first_name=name)
    TherapistFactory(first_name="Other")
    rows = User.objects.filter(first_name=name, is_active=True, pk=WHO, role__in=["therapist", "admin"])
    compiled = Compiled(rows.order_by("pk").values_list("first_name")[:5])
    assert compiled.rows(who=person.pk) == [(name,)]
    assert compiled.count(who=person.pk) == 1


def test_postgresql_plans_with_the_constants_of_a_statement(django_assert_num_queries):
    compiled = Compiled(AuthSession.objects.filter(user=WHO, kind="browser", revoked_at=None).values_list("pk"))
    with django_assert_num_queries(1) as asked:
        compiled.rows(who=TherapistFactory.build().pk)
    assert connection.vendor != "postgresql" or "'browser'" in compiled._sql
    assert "browser" in asked[0]["sql"]


@pytest.mark.parametrize("words", ["ANN", "%", "_", "\\", "O'N", "ö", "100%"])
def test_a_slot_holds_words_to_find_in_text(words):
    for name in ("Anna", "100%", "a_b", "a\\b", "O'Neil", "Jörg"):
        TherapistFactory(first_name=name)
    compiled = Compiled(User.objects.filter(first_name__ilike=Slot("words", Pattern())).values_list("first_name"))
    expected = list(User.objects.filter(first_name__ilike=words).values_list("first_name"))
    assert compiled.rows(words=words) == expected != []


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError, match="since"):
        Compiled(sessions_of(WHO, SINCE)).rows(who=None)


def test_a_rule_that_says_no_asks_nothing(django_assert_num_queries):
    nothing = Compiled(User.objects.none().filter(pk=WHO).values("id"))
    with django_assert_num_queries(0):
        assert (nothing.rows(who=None), nothing.count(who=None)) == ([], 0)


def test_what_is_built_once_is_kept_until_it_is_forgotten():
    built = []

    @built_once
    def build(name):
        built.append(name)
        return name

    assert [build("a"), build("a"), build("b")] == ["a", "a", "b"]
    forget_all()
    build("a")
    assert built == ["a", "b", "a"]


def test_an_inserted_row_is_as_if_it_was_saved(django_assert_num_queries):
    fields = {"action": "x", "ids": ["1", {"a": None}], "ip": "192.0.2.1", "reason": "%s ü"}
    inserted, saved = AuditEvent(**fields), AuditEvent(**fields)
    with django_assert_num_queries(1):
        insert(inserted)
    saved.save()
    rows = AuditEvent.objects.in_bulk([inserted.pk, saved.pk])
    shown = [
        {name: value for name, value in vars(rows[one.pk]).items() if name not in {"_state", "id", "created_at"}}
        for one in (inserted, saved)
    ]
    assert shown[0] == shown[1]
    assert rows[inserted.pk].created_at == inserted.created_at
    with pytest.raises(TypeError, match="append-only"):
        inserted.save()


def test_after_a_failed_insert_its_transaction_does_nothing_more():
    row = AuditEvent(action="x", outcome="perhaps")
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(row)
        with pytest.raises(TransactionManagementError):
            AuditEvent.objects.exists()
        transaction.set_rollback(True)
