"""Files that hold no transcript, or none that can be told; a sentence must say so."""

import gzip
import io
import json
import random
import zipfile

from sessions_app.pipeline.tests.corpora.wild.conversations import JAPANESE, RUSSIAN, SLEEP
from sessions_app.pipeline.tests.corpora.wild.model import Refused


def docx() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:t>Patient: {SLEEP.texts[1]}</w:t></w:document>")
    return packed.getvalue()


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def two_code_pages() -> bytes:
    """Lines in turn in cp1251, Shift-JIS, KOI8-R and bytes that no page has."""
    pairs = zip(RUSSIAN.texts, JAPANESE.texts, strict=True)
    return b"\n".join(
        one.encode("cp1251") + b"\x81\xff" + other.encode("shift_jis") + b"\xfe\x80" for one, other in pairs
    )


REFUSED = [
    Refused("refused-empty", "notes.txt", b"", "No bytes at all."),
    Refused("refused-white-space", "notes.txt", "\ufeff \r\n\t\u00a0\u200b\n".encode(), "Only marks and spaces."),
    Refused("refused-nul-bytes", "notes.txt", bytes(512), "A file that was reserved and never written."),
    Refused("refused-png", "notes.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + noise(200), "A picture."),
    Refused(
        "refused-pdf",
        "notes.txt",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nstream\n" + noise(200) + b"\nendstream\n%%EOF\n",
        "A PDF under another name.",
    ),
    Refused(
        "refused-pdf-of-ascii",
        "notes.txt",
        b"%PDF-1.4\n1 0 obj\n<< /Length 44 >>\nstream\nBT (Patient: I am tired.) Tj ET\nendstream\nendobj\n%%EOF\n",
        "A PDF without binary parts: commands would be read as speech.",
    ),
    Refused("refused-docx", "notes.txt", docx(), "A Word document is a zip archive."),
    Refused(
        "refused-doc",
        "notes.txt",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + noise(400),
        "An old Word document.",
    ),
    Refused(
        "refused-rtf",
        "notes.txt",
        rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0\fs24 Patient: I am tired.\par}",
        "Rich text.",
    ),
    Refused("refused-gzip", "notes.vtt", gzip.compress(SLEEP.texts[1].encode(), mtime=0), "A compressed file."),
    Refused(
        "refused-mp3", "notes.txt", b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64" + noise(400), "A recording."
    ),
    Refused("refused-noise", "notes.txt", noise(600), "Bytes of no code page."),
    Refused(
        "refused-two-code-pages", "notes.txt", two_code_pages(), "No code page reads all lines; garbage is not drafted."
    ),
    Refused("refused-only-stamps", "notes.txt", b"[00:01]\n[00:05]\n[00:10]\n00:15\n", "Only times."),
    Refused(
        "refused-only-timings-srt",
        "notes.srt",
        b"1\n00:00:01,000 --> 00:00:04,000\n\n2\n00:00:05,000 --> 00:00:09,000\n\n",
        "Cues without words.",
    ),
    Refused(
        "refused-only-notes-vtt",
        "notes.vtt",
        b"WEBVTT\n\nNOTE\nnothing was said\n\nSTYLE\n::cue { color: red }\n",
        "A header, a note and a style.",
    ),
    Refused("refused-only-labels", "notes.txt", b"Therapist:\nPatient:\nTherapist:\n", "An empty form."),
    Refused("refused-json-empty", "notes.json", b'{"segments": []}', "Nothing was recognised."),
    Refused(
        "refused-json-null-texts", "notes.json", b'[{"start": 0, "text": null}, {"start": 5, "text": " "}]', "No words."
    ),
    Refused(
        "refused-json-cut",
        "notes.json",
        json.dumps({"segments": [{"text": SLEEP.texts[1]}]}).encode()[:-6],
        "Cut short.",
    ),
    Refused(
        "refused-json-job",
        "notes.json",
        b'{"jobName": "session", "status": "FAILED", "results": {"transcripts": [], "items": []}}',
        "A job's state is not a transcript.",
    ),
]
