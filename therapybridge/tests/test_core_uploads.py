"""Receiving files: the stored file, and clean-up after failures."""

import errno
import hashlib
import os
import stat
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from therapybridge.core import uploads
from therapybridge.core.errors import TooLarge, Unavailable, Unprocessable
from therapybridge.core.uploads import CHUNK_BYTES, receive

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "files" / "recordings"


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


class BreakingUpload(SimpleUploadedFile):
    """Fails after the first chunk, the way a disk or a connection does."""

    error: BaseException

    def chunks(self, chunk_size=None):
        yield b"first"
        raise self.error


def test_the_bytes_arrive_with_size_and_hash(folder):
    stored = receive(SimpleUploadedFile("a.wav", CONTENT), folder, 10**6)
    assert stored.path.read_bytes() == CONTENT
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def test_the_name_is_ours_and_the_folder_private(folder):
    stored = receive(SimpleUploadedFile("../../Ann Example.wav", CONTENT), folder, 10**6)
    assert stored.path.parent.parent == folder
    assert "Ann" not in str(stored.path.relative_to(folder))
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_uploads_of_one_file_do_not_meet(folder):
    paths = {receive(SimpleUploadedFile("a.wav", CONTENT), folder, 10**6).path for _ in range(2)}
    assert len(paths) == 2


@pytest.mark.parametrize("size", [1, CHUNK_BYTES, CHUNK_BYTES + 1, len(CONTENT)])
def test_a_file_of_exactly_the_limit_is_taken(folder, size):
    assert receive(SimpleUploadedFile("a", CONTENT[:size]), folder, size).size == size


def test_a_declared_size_over_the_limit_is_refused_at_once(folder):
    with pytest.raises(TooLarge):
        receive(SimpleUploadedFile("a", CONTENT), folder, len(CONTENT) - 1)
    assert not folder.exists()


def test_a_size_that_lies_is_noticed_while_copying(folder):
    upload = SimpleUploadedFile("a", CONTENT)
    upload.size = 5
    with pytest.raises(TooLarge):
        receive(upload, folder, CHUNK_BYTES)
    assert everything(folder) == []


def test_an_empty_file_is_refused(folder):
    with pytest.raises(Unprocessable) as refusal:
        receive(SimpleUploadedFile("a", b""), folder, 100)
    assert refusal.value.code == "empty"
    assert everything(folder) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_in_words_and_leaves_nothing(folder, number):
    upload = BreakingUpload("a", CONTENT)
    upload.error = OSError(number, "No space left on device")
    with pytest.raises(Unavailable) as refusal:
        receive(upload, folder, 10**6)
    assert (refusal.value.code, refusal.value.status) == ("storage_full", 503)
    assert everything(folder) == []


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), ConnectionResetError(), KeyboardInterrupt()])
def test_any_other_failure_is_passed_on_and_leaves_nothing(folder, error):
    upload = BreakingUpload("a", CONTENT)
    upload.error = error
    with pytest.raises(type(error)):
        receive(upload, folder, 10**6)
    assert everything(folder) == []


def test_an_upload_whose_process_was_killed_is_removed_and_one_that_still_comes_in_is_not(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    long_ago = time.time() - 3700
    for name, at in {"a.upload.wav": long_ago, "b.upload.json": time.time(), "notes.txt": long_ago}.items():
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (at, at))
    assert uploads.remove_abandoned() == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.upload.json", "notes.txt"]


def test_what_came_in_by_a_form_is_moved_and_not_copied(folder):
    upload = TemporaryUploadedFile("a.wav", "audio/wav", len(CONTENT), None)
    upload.file.write(CONTENT)
    upload.file.flush()
    inode = Path(upload.temporary_file_path()).stat().st_ino
    stored = receive(upload, folder, 10**6)
    assert stored.path.stat().st_ino == inode
    assert (stored.sha256, stored.path.stat().st_mode & 0o777) == (hashlib.sha256(CONTENT).hexdigest(), 0o600)
    upload.close()
