"""Encrypted columns, on a test table (core has no migrations, so the test database creates it)."""

import copy
import pickle
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models.functions import Upper

from therapybridge.core.crypto import DecryptionError
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField, Sealed
from therapybridge.core.models import BaseModel, uuid7

pytestmark = pytest.mark.django_db
TEXT = "Schläft schlecht 😴"


class Diary(BaseModel):
    text = EncryptedTextField(purpose="diary.text", blank=True, max_length=100)
    facts = EncryptedJSONField(purpose="diary.facts", null=True)
    mood = models.IntegerField(default=0)

    class Meta:
        app_label = "core"


TEXT_FIELD = Diary._meta.get_field("text")
FACTS_FIELD = Diary._meta.get_field("facts")


@pytest.fixture
def entry() -> Diary:
    return Diary.objects.create(text=TEXT, facts={"hours": [5, 6.5], "calm": None})


def stored(entry: Diary, column: str = "text") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM core_diary WHERE id = %s", [entry.pk if is_postgres() else entry.pk.hex])
        return bytes(cursor.fetchone()[0])


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def test_ids_are_time_ordered():
    made = [uuid7() for _ in range(50)]
    assert made == sorted(made)
    assert made[0].version == 7


def test_values_come_back(entry):
    again = Diary.objects.get()
    assert (again.text, again.facts) == (TEXT, {"hours": [5, 6.5], "calm": None})


def test_the_column_holds_ciphertext(entry):
    assert stored(entry).startswith(b"v1.")
    assert b"Schl" not in stored(entry)
    assert b"hours" not in stored(entry, "facts")


def test_null_and_empty_stay_apart():
    entry = Diary.objects.create()
    again = Diary.objects.get()
    assert (again.text, again.facts) == ("", None)
    assert stored(entry).startswith(b"v1.")


def test_a_value_moved_to_another_row_does_not_open(entry):
    other = Diary.objects.create(text="calm")
    Diary.objects.filter(pk=other.pk).update(text=models.Subquery(Diary.objects.filter(pk=entry.pk).values("text")))
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get(pk=other.pk).text


def test_a_value_moved_to_another_field_does_not_open(entry):
    Diary.objects.update(facts=models.F("text"))
    with pytest.raises(DecryptionError):
        _ = Diary.objects.get().facts


def test_an_unread_value_is_written_back_as_it_was(entry):
    before = stored(entry)
    again = Diary.objects.get()
    again.mood = 3
    again.save()
    assert stored(entry) == before


def test_a_read_but_unchanged_value_is_written_back_as_it_was(entry):
    before = stored(entry, "facts")
    again = Diary.objects.get()
    assert again.facts
    again.save()
    assert stored(entry, "facts") == before


def test_an_unread_value_that_cannot_be_opened_does_not_stop_a_save(entry):
    Diary.objects.update(text=TEXT_FIELD.seal("x", uuid4()))
    again = Diary.objects.get()
    again.save()
    with pytest.raises(DecryptionError):
        _ = again.text


def test_a_list_changed_in_place_is_saved(entry):
    again = Diary.objects.get()
    again.facts["hours"].append(8)
    again.save()
    assert Diary.objects.get().facts["hours"] == [5, 6.5, 8]


def test_a_new_text_is_saved_with_update_fields(entry):
    entry.text = "calm"
    entry.mood = 9
    entry.save(update_fields=["text"])
    again = Diary.objects.get()
    assert (again.text, again.mood) == ("calm", 0)


def test_a_second_save_keeps_the_ciphertext(entry):
    before = stored(entry)
    entry.save()
    assert stored(entry) == before


def test_values_are_sealed_and_open_by_hand(entry):
    row = Diary.objects.values("id", "text", "facts").get()
    assert isinstance(row["text"], Sealed)
    assert TEXT_FIELD.open(row["text"], row["id"]) == TEXT
    assert FACTS_FIELD.open(row["facts"], str(row["id"])) == entry.facts
    assert TEXT_FIELD.open(memoryview(row["text"]), row["id"]) == TEXT


def test_update_takes_a_sealed_value(entry):
    Diary.objects.update(text=TEXT_FIELD.seal("calm", entry.pk), facts=FACTS_FIELD.seal(None, entry.pk))
    again = Diary.objects.get()
    assert (again.text, again.facts) == ("calm", None)


@pytest.mark.parametrize(
    "values",
    [
        {"text": "plain"},
        {"text": b"plain"},
        {"text": models.Value("plain")},
        {"text": Upper(models.Value("plain"))},
        {"facts": {"a": 1}},
        {"facts": [1]},
    ],
)
def test_update_refuses_plain_values(entry, values):
    before = stored(entry)
    with pytest.raises(TypeError, match=r"plain value.*encrypt it first"), transaction.atomic():
        Diary.objects.update(**values)
    assert stored(entry) == before


def test_bulk_update_of_an_encrypted_field_is_refused_and_destroys_nothing(entry):
    with pytest.raises(TypeError, match="encrypt it first"), transaction.atomic():
        Diary.objects.bulk_update([entry], ["text"])
    assert Diary.objects.get().text == TEXT


def test_bulk_update_of_other_fields_works(entry):
    entry.mood = 7
    Diary.objects.bulk_update([entry], ["mood"])
    assert (Diary.objects.get().mood, Diary.objects.get().text) == (7, TEXT)


def test_bulk_create_seals():
    Diary.objects.bulk_create([Diary(text=str(number), facts=[number]) for number in range(3)])
    assert sorted((entry.text, entry.facts[0]) for entry in Diary.objects.all()) == [("0", 0), ("1", 1), ("2", 2)]


@pytest.mark.parametrize("lookup", ["text", "text__contains", "text__in", "facts__has_key", "facts__exact", "text__gt"])
def test_lookups_are_refused(entry, lookup):
    with pytest.raises(FieldError, match=r"encrypted|Unsupported"):
        Diary.objects.filter(**{lookup: "x"}).exists()


def test_isnull_works(entry):
    assert Diary.objects.filter(facts__isnull=False).count() == 1
    assert Diary.objects.filter(facts__isnull=True).count() == 0


def test_a_deferred_value_is_loaded_on_access(entry, django_assert_num_queries):
    again = Diary.objects.defer("text").get()
    with django_assert_num_queries(1):
        assert again.text == TEXT


def test_a_deferred_value_is_not_written(entry):
    before = stored(entry)
    Diary.objects.only("mood").get().save()
    assert stored(entry) == before


def test_refresh_shows_what_was_written_meanwhile(entry):
    Diary.objects.update(text=TEXT_FIELD.seal("calm", entry.pk))
    entry.refresh_from_db()
    assert entry.text == "calm"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda entry: pickle.loads(pickle.dumps(entry))])
def test_copies_keep_their_values(entry, duplicate):
    unread = duplicate(Diary.objects.get())
    read = Diary.objects.get()
    assert read.text == TEXT
    assert (unread.text, duplicate(read).text) == (TEXT, TEXT)


def test_an_unread_row_saved_under_another_id_fails_at_once(entry):
    twin = Diary.objects.get()
    twin.pk, twin._state.adding = uuid7(), True
    with pytest.raises(DecryptionError):
        twin.save()


def test_a_read_row_saved_under_another_id_is_sealed_for_it(entry):
    twin = Diary.objects.get()
    assert twin.text
    assert twin.facts
    twin.pk, twin._state.adding = uuid7(), True
    twin.save()
    assert [row.text for row in Diary.objects.all()] == [TEXT, TEXT]


def test_text_takes_only_text(entry):
    entry.text = 5
    with pytest.raises(TypeError, match="holds text"):
        entry.save()


def test_a_sealed_value_shows_nothing(entry):
    sealed = Diary.objects.values_list("text", flat=True).get()
    assert repr(sealed) == str(sealed) == f"<sealed, {len(sealed)} bytes>"
    assert "Schl" not in repr(entry.__dict__)


def test_validation_sees_the_plain_value():
    # As ciphertext or as bytes, these 100 characters are far longer than the field allows.
    Diary.objects.create(text="ä" * 100)
    entry = Diary.objects.get()
    entry.full_clean()
    entry.text += "ä"
    with pytest.raises(ValidationError, match="it has 101") as refusal:
        entry.full_clean()
    assert set(refusal.value.message_dict) == {"text"}


def test_a_missing_value_hits_the_constraint():
    with pytest.raises(IntegrityError):
        Diary.objects.create(text=None)


def test_a_fixture_dump_shows_ciphertext(entry):
    assert TEXT_FIELD.value_to_string(entry).startswith("djEu")


def test_migrations_keep_the_purpose():
    source, imports = MigrationWriter.serialize(Diary._meta.get_field("facts"))
    assert "purpose='diary.facts'" in source
    assert "import therapybridge.core.fields" in imports
    assert MigrationWriter.serialize(Diary._meta.pk.default)[0] == "therapybridge.core.models.uuid7"
    assert TEXT_FIELD.clone().purpose == "diary.text"


@pytest.mark.parametrize("purpose", ["", "Diary.Text", "a:b", "a..b", "diary text"])
def test_a_purpose_has_one_form(purpose):
    with pytest.raises(ValueError, match="purpose"):
        EncryptedTextField(purpose=purpose)


def test_one_purpose_for_two_fields_is_a_check_error(monkeypatch):
    assert Diary.check() == []
    monkeypatch.setattr(FACTS_FIELD, "purpose", "diary.text")
    assert {problem.id for problem in Diary.check()} == {"tb.E090"}
