"""A backup of a living installation, restored in an empty one, is the same; and what is not the same is named."""

import re
import shutil
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_app.management.ai_stub.server import running_stub
from therapybridge.tests import postgres
from therapybridge.tests.deployment import ROOT, Deployment, deployment
from therapybridge.tests.test_crashes import recordings, upload

pytestmark = pytest.mark.processes

KEYS = {"FIELD_ENCRYPTION_KEYS": "first:" + b64encode(bytes(range(32))).decode()}
MOVE_A_VALUE = """
from treatment.models import Goal
good, bad = Goal.objects.order_by("pk")[:2]
Goal.objects.filter(pk=bad.pk).update(wording=Goal._meta.get_field("wording").seal("words", good.pk))
"""
RENAME_A_CLINIC = "from accounts.models import Clinic; Clinic.objects.update(name='Another')"


def asked(site: Deployment, *command: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=site.env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The demonstration, whose rows are all made by the product's own services, with recordings."""
    root = tmp_path_factory.mktemp("living")
    with running_stub() as stub:
        engines = {"OPENAI_BASE_URL": stub.base_url, "OPENAI_API_KEY": "none", "TRANSCRIBE_MODEL": "stub-verbose"}
        with deployment(root / "installed", **KEYS, **engines) as site:
            site.manage("demo")
            site.start_web()
            site.start_workers()
            rows = site.client("therapist@demo.example").get("/patients").json()["results"]
            site.patient = next(row["id"] for row in rows if row["first_name"] == "Elena")  # type: ignore[attr-defined]
            upload(site, recordings(root, 2))
            yield site


@pytest.fixture(scope="module")
def backup(living: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made while recordings arrive, are processed and sealed."""
    folder, ends = tmp_path_factory.mktemp("backups") / "first", threading.Event()
    sounds = recordings(folder.parent, 60)

    def keep_writing() -> None:
        for at, sound in enumerate(sounds[2:], start=2):
            if ends.is_set():
                return
            upload(living, [sound], first=at)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    code, told = asked(living, "backup", str(folder))
    ends.set()
    writer.join()
    assert code == 0, told
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Deployment]:
    """Nothing but the keys."""
    site = Deployment(tmp_path / "empty", **KEYS)
    site.root.mkdir()
    if site.on_postgres:
        postgres.create_empty(site.database)
        site.env["DATABASE_URL"] = postgres.address(site.database)
    yield site
    site.stop()


def test_what_is_restored_is_the_same_and_says_so(backup: Path, empty: Deployment):
    assert not list(backup.parent.glob("*.partial"))
    assert {path.stat().st_mode & 0o077 for path in [backup, *backup.rglob("*")]} == {0}
    code, told = asked(empty, "restore", str(backup))
    assert code == 0, told
    lines = re.findall(r"^(\S.*?) +(\d+)  (.+)$", told, re.MULTILINE)
    assert {fault for *_, fault in lines} == {"equal"}
    found = {what: int(number) for what, number, _ in lines}
    assert found["stored files"] >= 2
    assert found["sessions_app_recording"] >= 2
    chained = sum(number for what, number in found.items() if what.startswith("audit trail of "))
    assert found["audit_auditevent"] == chained > 0
    assert found["treatment.goal.wording"] == found["treatment_goal"] > 0
    assert "Everything is as it was" in told


def test_what_was_changed_since_is_named(backup: Path, empty: Deployment):
    asked(empty, "restore", str(backup))
    empty.manage("shell", "-v0", "-c", RENAME_A_CLINIC)
    empty.manage("shell", "-v0", "-c", MOVE_A_VALUE)
    lost = next(path for path in (empty.root / "files" / "recordings").rglob("*") if path.is_file())
    lost.unlink()
    code, told = asked(empty, "restore", "--check", str(backup))
    faults = dict(re.findall(r"^(\S+) +\d+  (?!equal)(.+)$", told, re.MULTILINE))
    assert code == 1
    assert faults["accounts_clinic"] == "other contents"
    assert faults["treatment.goal.wording"] == "1 cannot be decrypted"
    assert faults[f"files/{lost.relative_to(empty.root / 'files')}"] == "missing"
    assert "sessions_app_recording" not in faults


def cut_the_database(folder: Path) -> str:
    (copy,) = folder.glob("database.*")
    with copy.open("r+b") as file:
        file.truncate(copy.stat().st_size - 1)
    return copy.name


def lose_a_file(folder: Path) -> str:
    lost = next(path for path in (folder / "files").rglob("*") if path.is_file())
    lost.unlink()
    return str(lost.relative_to(folder))


def change_the_manifest(folder: Path) -> str:
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"rows": 0', '"rows": 1', 1))
    return "manifest.json was changed"


def lose_the_manifest(folder: Path) -> str:
    (folder / "manifest.json").unlink()
    return "no whole backup"


@pytest.mark.parametrize("damage", [cut_the_database, lose_a_file, change_the_manifest, lose_the_manifest])
def test_a_damaged_backup_is_refused_before_anything_is_written(damage, backup, empty, tmp_path):
    folder = tmp_path / "copied"
    shutil.copytree(backup, folder)
    named = damage(folder)
    code, told = asked(empty, "restore", str(folder))
    assert (code, named in told) == (1, True), told
    assert "Traceback" not in told
    assert not (empty.root / "files" / "recordings").exists()


def test_a_key_that_is_missing_is_named(backup: Path, empty: Deployment):
    empty.env["FIELD_ENCRYPTION_KEYS"] = "second:" + b64encode(bytes(range(1, 33))).decode()
    code, told = asked(empty, "restore", str(backup))
    assert (code, "first; BLIND_INDEX_KEY (another key" in told) == (1, True), told


def test_neither_a_backup_nor_an_installation_is_overwritten(backup: Path, living: Deployment):
    before = sorted(backup.rglob("*"))
    assert "exists already" in asked(living, "backup", str(backup))[1]
    assert sorted(backup.rglob("*")) == before
    assert "among the stored files" in asked(living, "backup", str(living.root / "files" / "backup"))[1]
    code, told = asked(living, "restore", str(backup))
    assert (code, "The database is not empty" in told) == (1, True), told


def test_without_room_there_is_no_backup(living: Deployment, tmp_path: Path):
    folder = tmp_path / "small"
    limited = f"ulimit -f 8; exec {sys.executable} manage.py backup {folder}"  # no file may be longer than 8 kB
    done = subprocess.run(
        ["bash", "-c", limited], cwd=ROOT, env=living.env, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert not list(tmp_path.iterdir())
