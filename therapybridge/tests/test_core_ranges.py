"""Byte ranges of a private file (RFC 9110, section 14)."""

import tracemalloc
from pathlib import Path

import pytest
from django.test import RequestFactory

from therapybridge.core.errors import NotFound
from therapybridge.core.http.ranges import CHUNK_BYTES, ranged_file_response

pytestmark = pytest.mark.django_db  # closing an answer looks after the database connections
CONTENT = b"0123456789"


@pytest.fixture
def path(tmp_path) -> Path:
    file = tmp_path / "audio"
    file.write_bytes(CONTENT)
    return file


def fetch(path: Path, method: str = "GET", filename: str | None = None, **headers: str):
    request = RequestFactory().generic(method, "/audio", headers={k.replace("_", "-"): v for k, v in headers.items()})
    return ranged_file_response(request, path, "audio/wav", filename)


def body(response) -> bytes:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return content


def test_without_a_range_the_whole_file_comes(path):
    response = fetch(path)
    assert response.status_code == 200
    assert (response["Content-Length"], response["Content-Type"], response["Accept-Ranges"]) == (
        "10",
        "audio/wav",
        "bytes",
    )
    assert "Content-Range" not in response
    assert body(response) == CONTENT


@pytest.mark.parametrize(
    ("asked", "part", "named"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-4", b"4", "bytes 4-4/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-99", CONTENT, "bytes 0-9/10"),
        ("bytes=0-", CONTENT, "bytes 0-9/10"),
        ("bytes=9-9", b"9", "bytes 9-9/10"),
    ],
)
def test_one_range_is_a_206(path, asked, part, named):
    response = fetch(path, range=asked)
    assert response.status_code == 206
    assert (response["Content-Range"], response["Content-Length"]) == (named, str(len(part)))
    assert body(response) == part


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=99-", "bytes=-0"])
def test_a_range_beyond_the_end_is_a_416(path, asked):
    response = fetch(path, range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10")
    assert body(response) == b""


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,4-5", "bytes=5-2", "bytes=-", "bytes=a-b", "items=0-3", "bytes", "0-3", "bytes=\u0661-3", "bytes=--3"],
)
def test_several_or_senseless_ranges_bring_the_whole_file(path, asked):
    response = fetch(path, range=asked)
    assert (response.status_code, body(response)) == (200, CONTENT)


def test_a_range_of_an_empty_file_is_a_416(tmp_path):
    (tmp_path / "empty").touch()
    assert fetch(tmp_path / "empty", range="bytes=0-").status_code == 416
    assert body(fetch(tmp_path / "empty")) == b""


def test_if_range_with_the_present_tag_or_date_brings_the_range(path):
    first = fetch(path)
    first.close()
    for condition in (first["ETag"], first["Last-Modified"]):
        response = fetch(path, range="bytes=0-1", if_range=condition)
        assert (response.status_code, body(response)) == (206, b"01")


@pytest.mark.parametrize("condition", ['"other"', "Mon, 01 Jan 2024 00:00:00 GMT"])
def test_if_range_with_another_tag_brings_the_whole_file(path, condition):
    response = fetch(path, range="bytes=0-1", if_range=condition)
    assert (response.status_code, body(response)) == (200, CONTENT)


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_a_file_that_is_known_is_not_sent_again(path, known):
    first = fetch(path)
    first.close()
    heard = []
    request = RequestFactory().get(
        "/audio", headers={"If-None-Match": known.format(first["ETag"]), "Range": "bytes=0-1"}
    )
    response = ranged_file_response(request, path, "audio/wav", before_answer=heard.append)
    assert (response.status_code, response["ETag"], body(response), heard) == (304, first["ETag"], b"", [False])


@pytest.mark.parametrize("known", ['"other"', "other", ""])
def test_another_file_is_sent(path, known):
    response = fetch(path, if_none_match=known)
    assert (response.status_code, body(response)) == (200, CONTENT)


def test_the_tag_changes_with_the_file(path):
    before = fetch(path)
    before.close()
    path.write_bytes(CONTENT + b"x")
    after = fetch(path)
    after.close()
    assert before["ETag"] != after["ETag"]


def test_head_names_the_size_and_sends_nothing(path):
    response = fetch(path, "HEAD", range="bytes=0-1")
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "10", b"")


def test_a_name_makes_it_a_download(path):
    shown, saved = fetch(path), fetch(path, filename='Sitzung "3" ä.wav')
    assert shown["Content-Disposition"] == "inline"
    assert saved["Content-Disposition"].startswith("attachment; filename*=utf-8''Sitzung")
    shown.close()
    saved.close()


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        fetch(tmp_path / "gone")


def test_an_answer_that_nobody_reads_closes_the_file(path):
    response = fetch(path)
    response.close()
    with pytest.raises(ValueError, match="closed file"):
        next(iter(response.streaming_content))


def test_a_big_file_passes_through_little_memory(tmp_path):
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(50 * 1024**2)
    response = fetch(big)
    tracemalloc.start()
    size = sum(len(chunk) for chunk in response.streaming_content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    response.close()
    assert size == 50 * 1024**2
    assert peak < 8 * CHUNK_BYTES
