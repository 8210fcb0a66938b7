"""The key ring, encryption and blind indexes."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from therapybridge.core import crypto
from therapybridge.core.crypto import DecryptionError


def key_line(key_id: str, char: bytes) -> str:
    return f"{key_id}:{base64.b64encode(char * 32).decode()}"


OLD, NEW = key_line("2025", b"a"), key_line("2026", b"b")


@pytest.fixture(autouse=True)
def ring(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    settings.BLIND_INDEX_KEY = ""


def test_sealed_text_opens_with_the_same_aad():
    assert crypto.unseal(crypto.seal(b"sleeps badly", b"note:1"), b"note:1") == b"sleeps badly"


def test_sealed_form_names_version_and_key():
    blob = crypto.seal(b"sleeps badly", b"note:1")
    assert blob.startswith(b"v1.2025.")
    assert len(blob) == len(b"v1.2025.") + 12 + len(b"sleeps badly") + 16
    assert b"sleeps" not in blob


def test_equal_texts_have_different_ciphertexts():
    assert crypto.seal(b"x", b"note:1") != crypto.seal(b"x", b"note:1")


def test_another_aad_does_not_open():
    with pytest.raises(DecryptionError):
        crypto.unseal(crypto.seal(b"sleeps badly", b"note:1"), b"note:2")


@pytest.mark.parametrize(
    "blob",
    [b"", b"v1", b"v1.2025", b"v1.2025.", b"v1.2025.short", b"v2.2025." + b"x" * 40, b"plain text", b"v1.\xff.x"],
)
def test_garbled_blobs_do_not_open(blob):
    with pytest.raises(DecryptionError):
        crypto.unseal(blob, b"note:1")


def test_every_altered_byte_is_noticed():
    blob = crypto.seal(b"calm", b"note:1")
    for position in range(len(blob)):
        altered = blob[:position] + bytes([blob[position] ^ 1]) + blob[position + 1 :]
        with pytest.raises(DecryptionError):
            crypto.unseal(altered, b"note:1")


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens(settings):
    before = crypto.seal(b"x", b"a")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    after = crypto.seal(b"x", b"a")
    assert after.startswith(b"v1.2026.")
    assert crypto.unseal(before, b"a") == crypto.unseal(after, b"a") == b"x"
    assert (crypto.is_current(before), crypto.is_current(after)) == (False, True)


def test_a_dropped_key_is_an_error_and_never_a_blank(settings):
    before = crypto.seal(b"x", b"a")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(DecryptionError, match="2025"):
        crypto.unseal(before, b"a")


def test_another_key_under_the_same_id_does_not_open(settings):
    before = crypto.seal(b"x", b"a")
    settings.FIELD_ENCRYPTION_KEYS = [key_line("2025", b"z")]
    with pytest.raises(DecryptionError):
        crypto.unseal(before, b"a")


def test_the_ring_is_built_once():
    assert crypto.key_ring() is crypto.key_ring()


def test_the_ring_shows_no_key():
    assert "AESGCM" not in repr(crypto.key_ring())
    assert "index_key" not in repr(crypto.key_ring())


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["nokey"],
        ["a:"],
        ["a:!!!"],
        ["a:" + base64.b64encode(b"short").decode()],
        [OLD, OLD],
        [OLD.replace("2025", "a.b")],
    ],
)
def test_a_malformed_ring_is_refused_without_showing_keys(settings, lines):
    settings.FIELD_ENCRYPTION_KEYS = lines
    with pytest.raises(ImproperlyConfigured) as refusal:
        crypto.key_ring()
    assert OLD.partition(":")[2] not in str(refusal.value)


def test_keyed_hash_differs_by_purpose_and_value():
    hashes = {crypto.keyed_hash(purpose, value) for purpose in ("phone", "email") for value in ("1", "2")}
    assert len(hashes) == 4


def test_keyed_hash_does_not_confuse_purpose_with_value():
    assert crypto.keyed_hash("ab", "c") != crypto.keyed_hash("a", "bc")


def test_keyed_hash_survives_a_rotation(settings):
    before = crypto.keyed_hash("phone", "1")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert crypto.keyed_hash("phone", "1") == before


def test_keyed_hash_survives_the_end_of_the_oldest_key(settings):
    before = crypto.keyed_hash("phone", "1")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert crypto.keyed_hash("phone", "1") != before
    settings.BLIND_INDEX_KEY = OLD.partition(":")[2]
    assert crypto.keyed_hash("phone", "1") == before
