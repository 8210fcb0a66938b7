"""Sessions of one patient from a folder of transcripts, as a zip; the day of each is in the name of its file."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as DeflateError  # noqa: N812 (an exception)

import orjson
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.services.decisions import require_recording_consent
from exports.imports.services.refusals import ImportRefused
from exports.transfers.services.previews import Line, Preview, Problem
from sessions_app.models import TherapySession
from sessions_app.pipeline.transcripts.parsing import parse_transcript
from sessions_app.services.transcripts import create_with_transcript
from therapybridge.core import dates
from therapybridge.core.errors import DomainError

MAX_FILES, MAX_TOTAL = 50, 1_500_000
SUFFIXES = (".txt", ".vtt", ".srt", ".sbv", ".json")
PIECE = 64 * 1024  # bytes unpacked at a time
# Of these alone is no more unpacked than is read.
PACKED_AS = (ZIP_STORED, ZIP_DEFLATED)
NOON = time(12)
DAY = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)(?:[ T_-]+(\d\d)[-:.h](\d\d))?")


def unpacked(data: bytes) -> str:
    """The texts of a zip by name, as JSON; ImportRefused for anything else, and for more than a page can hold."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if _is_transcript(one)]
            if len(entries) > MAX_FILES:
                raise ImportRefused("too_many_files", f"The zip has more than {MAX_FILES} transcripts: split it.")
            return orjson.dumps(dict(_texts(archive, entries))).decode()
    except (BadZipFile, DeflateError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise ImportRefused("not_zip", "The file is no zip that can be read.") from None


def _is_transcript(entry: ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    is_hidden = any(part.startswith((".", "__")) for part in path.parts)
    return not entry.is_dir() and not is_hidden and path.suffix.lower() in SUFFIXES


def _texts(archive: ZipFile, entries: list[ZipInfo]) -> Iterator[tuple[str, str]]:
    """Only as much is unpacked as is allowed, whatever the zip says of its sizes."""
    left = MAX_TOTAL
    for entry in entries:
        content = _unpacked(archive, entry, left)
        left -= len(content)
        yield entry.filename, content.decode("utf-8-sig", "replace").replace("\x00", "\ufffd")


def _unpacked(archive: ZipFile, entry: ZipInfo, most: int) -> bytes:
    if entry.compress_type not in PACKED_AS:
        raise ImportRefused("not_zip", "Pack the zip in the usual way (deflate).")
    content = bytearray()
    with archive.open(entry) as file:
        while piece := file.read(PIECE):
            content += piece
            if len(content) > most:
                raise ImportRefused("too_large", "The transcripts are larger than 1.5 MB: split them.")
    return bytes(content)


def read_transcripts(text: str, *, access: RecordAccess) -> Preview:
    """What would become of each file. ConsentRequired without the consents that every transcript needs."""
    require_recording_consent(access.patient)
    files = _files(text)
    held = TherapySession.objects.filter(patient=access.patient).values_list("session_date", flat=True)
    return Preview([], list(_lines(files, access, set(held))))


def add_transcript(line: Line, *, access: RecordAccess) -> object:
    """Add the session of a file, with its transcript; the draft of its note follows as for any other."""
    values = line.values
    return create_with_transcript(access, values["held_at"], values["text"].encode(), values["name"])


def _files(text: str) -> dict[str, str]:
    """It comes back from a page, so it can be anything."""
    try:
        found: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or len(found) > MAX_FILES or not all(isinstance(one, str) for one in found.values()):
        raise ImportRefused("not_zip", "Choose the zip again.")
    return found


def _lines(files: dict[str, str], access: RecordAccess, held: set[datetime]) -> Iterator[Line]:
    for number, (path, text) in enumerate(sorted(files.items()), 1):
        name = PurePosixPath(path).name
        held_at = _moment(path, access)
        problems = _problems(held_at, text, name)
        values = {"held_at": held_at, "text": text, "name": name} if not problems else {}
        is_known = held_at in held
        if held_at:
            held.add(held_at)
        details = dates.moment(held_at) if held_at else ""
        yield Line(number=number, label=name, details=details, values=values, problems=problems, is_known=is_known)


def _moment(path: str, access: RecordAccess) -> datetime | None:
    """In the time zone of the clinic; at noon, if the name has no time."""
    found = DAY.search(path)
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    try:
        at = time(int(hour), int(minute)) if hour else NOON
        return datetime.combine(datetime(int(year), int(month), int(day)), at, access.patient.clinic_zone)  # noqa: DTZ001
    except ValueError:
        return None


def _problems(held_at: datetime | None, text: str, name: str) -> list[Problem]:
    if held_at is None:
        return [Problem("unknown_date", "name", "Its name has no day such as 2026-03-02.")]
    if held_at > timezone.now() + timedelta(days=1):
        return [Problem("in_the_future", "name", "This day has not come yet.")]
    try:
        parse_transcript(text.encode(), name)
    except DomainError as error:
        return [Problem(error.code, "text", error.detail)]
    return []
