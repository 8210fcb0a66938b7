"""Key rotation re-encrypts everything, under load and even if the command is killed repeatedly."""

import json
import re
import secrets
import signal
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from accounts.models import ConsentEntry, Disclosure, Invitation, OutgoingMail
from audit.services.chain import build_chain
from audit.services.verification import verify
from audit.tests.trails import write
from therapybridge.checks import check_settings
from therapybridge.core import crypto, rotation
from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.sealed_rows import MAKERS, Cast, opened, sealed_fields, sealed_row, sealed_rows

NEW = "new:" + b64encode(bytes(range(32))).decode()
KILLS, BATCHES, BATCH = 3, 10, 50
VALUES = 10_000

SEED = """
from accounts.models import Disclosure, IdempotencyRecord, OutgoingMail
from therapybridge.tests.sealed_rows import *
for number in range(3):
    cast = Cast()
    [sealed_row(model, cast) for model in MAKERS]
sealed_rows(OutgoingMail, 1200)
sealed_rows(Disclosure, 1000)
sealed_rows(IdempotencyRecord, 2200)
"""
HASHES = """
import hashlib, json
from collections import Counter
from therapybridge.core import rotation
from therapybridge.tests.sealed_rows import opened
values = list(opened())
left = sum((source.left() for source in rotation.sources()), Counter())
print(json.dumps([len(values), hashlib.sha256(repr(values).encode()).hexdigest(), left]))
"""
READERS = """
import json, random, sys, threading, pathlib
from django.db import connection, models
from therapybridge.tests.sealed_rows import sealed_fields
stop, ready = pathlib.Path({stop!r}), pathlib.Path({ready!r})
counts, failures, pause = [0, 0], [], threading.Event()
def read(number):
    chance = random.Random(number)
    keys = {{field: list(models.QuerySet(model=field.model).values_list("pk", flat=True)) for field in sealed_fields()}}
    while not stop.exists() and not pause.wait(0.002):
        field = chance.choice(sealed_fields())
        pk = chance.choice(keys[field])
        try:
            getattr(models.QuerySet(model=field.model).get(pk=pk), field.name)
            counts[number] += 1
            ready.touch()
        except Exception as error:
            failures.append(repr(error))
    connection.close()
threads = [threading.Thread(target=read, args=[number]) for number in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps([counts, failures]))
"""


@pytest.fixture
def new_key(settings, db) -> Iterator[Callable[[], None]]:
    """Add a new primary key; existing data is then under an old one."""

    def turn() -> None:
        settings.FIELD_ENCRYPTION_KEYS = [NEW, *settings.FIELD_ENCRYPTION_KEYS]

    yield turn
    # Queued e-mails are read after every test, under the usual key.
    OutgoingMail.objects.all().delete()


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *options, stdout=out, stderr=out)
    return out.getvalue()


def blobs() -> dict[tuple[str, object], bytes]:
    return {
        (field.purpose, pk): bytes(sealed)
        for field in sealed_fields()
        for pk, sealed in models.QuerySet(model=field.model).values_list("pk", field.name)
        if sealed is not None
    }


def test_every_value_is_sealed_again_and_says_the_same(new_key, settings):
    cast = Cast()
    for model in MAKERS:
        sealed_row(model, cast)
    before = list(opened())
    new_key()
    assert "No values are left under other keys." in rotate("--batch", "2")
    assert list(opened()) == before
    assert {crypto.key_id_of(blob) for blob in blobs().values()} == {"new"}
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert list(opened()) == before


def test_what_is_done_costs_one_question_for_each_column(django_assert_num_queries, new_key):
    sealed_rows(Disclosure, 20)
    new_key()
    rotate()
    fields = len(rotation.sources())
    with django_assert_num_queries(2 * fields):
        rotate()


def test_a_dry_run_counts_and_writes_nothing(new_key):
    sealed_row(Disclosure, Cast())
    before = blobs()
    new_key()
    with pytest.raises(CommandError, match="3 values are not under the primary key, 0 of them unreadable"):
        rotate("--dry-run")
    assert blobs() == before


def test_what_does_not_open_is_named_by_row_and_stops_nothing(new_key):
    good, bad = sealed_rows(Disclosure, 2)
    Disclosure.objects.filter(pk=bad.pk).update(what=Disclosure._meta.get_field("what").seal("a secret word", good.pk))
    new_key()
    out = StringIO()
    with pytest.raises(CommandError, match="1 values are not under the primary key, 1 of them unreadable"):
        call_command("rotate_keys", stdout=out, stderr=out)
    assert f"accounts.disclosure.what: {bad.pk} cannot be decrypted." in out.getvalue()
    assert "secret word" not in out.getvalue()
    assert Disclosure.objects.get(pk=good.pk).what == good.what


def test_a_value_that_somebody_changes_meanwhile_is_theirs(new_key):
    row = sealed_row(Disclosure, Cast())
    new_key()
    source = rotation.ColumnSource(Disclosure._meta.get_field("what"))
    [[held]] = source.stale(10)
    Disclosure.objects.filter(pk=row.pk).update(what=source.field.seal("theirs", row.pk))
    assert source.swap(held, source.renewed(held)) is False
    assert Disclosure.objects.get().what == "theirs"


@pytest.mark.parametrize("read", [True, False])
def test_a_row_loaded_before_does_not_bring_the_old_key_back(new_key, read):
    what = sealed_row(Disclosure, Cast()).what
    early = Disclosure.objects.get()
    assert not read or early.what
    new_key()
    rotate()
    early.save()
    assert rotation.ColumnSource(Disclosure._meta.get_field("what")).left() == {}
    assert Disclosure.objects.get().what == what


def test_the_stamp_of_the_last_change_stays(new_key):
    row = sealed_row(Disclosure, Cast())
    new_key()
    rotate()
    assert Disclosure.objects.get().updated_at == row.updated_at


def test_a_consent_is_re_encrypted_though_its_log_refuses_changes(new_key):
    entry = sealed_row(ConsentEntry, Cast())
    new_key()
    rotate()
    assert ConsentEntry.objects.get().signer_name == entry.signer_name
    assert rotation.ColumnSource(ConsentEntry._meta.get_field("signer_name")).left() == {}


@pytest.mark.parametrize("batch", ["0", "-1", "100000"])
def test_a_senseless_batch_is_refused(batch):
    with pytest.raises(CommandError, match="--batch"):
        rotate(f"--batch={batch}")


def test_the_old_index_key_is_not_forgotten(new_key, settings):
    new_key()
    assert "set BLIND_INDEX_KEY" in rotate()
    settings.BLIND_INDEX_KEY = NEW.partition(":")[2]
    assert "set BLIND_INDEX_KEY" not in rotate()


def test_the_documented_order_changes_neither_lookups_nor_signatures(settings, db, therapist):
    settings.ENVIRONMENT, settings.BLIND_INDEX_KEY = "production", ""
    [old] = settings.FIELD_ENCRYPTION_KEYS
    index_key = old.partition(":")[2]
    write(therapist.clinic_id, 3)
    build_chain()
    index = Invitation.index_of("robin@example.org")
    for keys, root in (
        ([old], ""),
        ([old], index_key),
        ([old, NEW], index_key),
        ([NEW, old], index_key),
        ([NEW], index_key),
    ):
        settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEY = keys, root
        assert "tb.E020" not in {problem.id for problem in check_settings(None)}
        assert Invitation.index_of("robin@example.org") == index
        report = verify(therapist.clinic_id)
        assert (report.length, report.findings) == (3, [])


def test_a_new_key_fits_into_the_ring():
    made = [StringIO() for _ in range(2)]
    for out in made:
        call_command("generate_key", stdout=out)
    lines = [out.getvalue().strip() for out in made]
    assert len(crypto.parse_keys(lines)) == 2
    named = StringIO()
    call_command("generate_key", "--id", "spring", stdout=named)
    assert named.getvalue().startswith("spring:")
    with pytest.raises(CommandError):
        call_command("generate_key", "--id", "a key", stdout=named)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, FIELD_ENCRYPTION_KEYS=old_key()) as running:
        yield running


def old_key() -> str:
    return "old:" + b64encode(secrets.token_bytes(32)).decode()


def contents(installed: Deployment, before: str = "") -> tuple[int, str, dict[str, int]]:
    """The number of values, a hash of them all, and how many are left under old keys."""
    number, digest, left = json.loads(installed.manage("shell", "-v0", "-c", before + HASHES))
    return number, digest, left


def kill_in_the_middle(installed: Deployment) -> None:
    """Start the command and kill it after it has reported some batches."""
    told = batches(installed)
    installed.start("rotation", [sys.executable, "manage.py", "rotate_keys", "--batch", str(BATCH)])
    until(lambda: batches(installed) >= told + BATCHES, 60, "the rotation is on its way")
    installed.kill("rotation", signal.SIGKILL)


def batches(installed: Deployment) -> int:
    log = installed.root / "rotation.log"
    return log.read_text().count("re-encrypted") if log.exists() else 0


def re_encrypted(output: str) -> int:
    """The sum of the last counts of all sources."""
    counts = dict(re.findall(r"^(\S+): (\d+) re-encrypted$", output, re.MULTILINE))
    return sum(map(int, counts.values()))


@pytest.mark.processes
def test_ten_thousand_values_are_re_encrypted_under_readers_and_three_kills(installed, tmp_path):
    number, digest, left = contents(installed, SEED)
    assert (number >= VALUES, left) == (True, {})
    installed.env["FIELD_ENCRYPTION_KEYS"] = f"{NEW},{installed.env['FIELD_ENCRYPTION_KEYS']}"
    stop, ready = tmp_path / "stop", tmp_path / "ready"
    script = READERS.format(stop=str(stop), ready=str(ready))
    readers = installed.start("readers", [sys.executable, "manage.py", "shell", "-v0", "-c", script])
    until(ready.exists, 60, "the readers read")
    for _ in range(KILLS):
        kill_in_the_middle(installed)
    finished = installed.manage("rotate_keys")
    assert "No values are left" in finished
    # The last run had something to do, and less than all of it.
    assert 0 < re_encrypted(finished) < number - KILLS * BATCH
    stop.touch()
    assert readers.wait(timeout=60) == 0
    counts, failures = json.loads(installed.log("readers"))
    assert (min(counts) > 0, failures) == (True, [])
    installed.env["FIELD_ENCRYPTION_KEYS"] = NEW
    assert contents(installed) == (number, digest, {})
