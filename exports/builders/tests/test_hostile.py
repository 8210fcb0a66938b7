"""What people wrote cannot make a document reach out, read a file, or fall apart."""

import contextlib
import re
import socket
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from exports.builders import build
from exports.builders.pdf_page import locked_fetcher
from exports.builders.pdf_program import KEEPER, PROGRAM
from exports.choices import ExportKind
from exports.tests.records import full_record, with_texts

CONTROLS = "".join(map(chr, [*range(32), *range(127, 160)])) + "\ud800\udfff\ufffe\u202e\u2066"


def attacks(address: str, secret: str) -> str:
    """Every way of naming another file or host that HTML, CSS and SVG know."""
    return "\n".join(
        [
            f'<img src="http://{address}/img"><link rel=stylesheet href="http://{address}/css"><base href="http://{address}">',
            f"<style>@import 'http://{address}/import'; p {{ background: url(http://{address}/bg) }}</style>",
            f"<style>@font-face {{ font-family: x; src: url(http://{address}/font) }}</style>",
            f'<svg><image href="http://{address}/svg"/><use href="http://{address}/use#a"/></svg>',
            f'<iframe src="file://{secret}"></iframe><object data="file://{secret}"></object><embed src="{secret}">',
            f'<link rel=attachment href="file://{secret}"><a rel=attachment href="file://{secret}">x</a>',
            f'" style="background: url(http://{address}/attribute)" x="',
            f"'); background: url(http://{address}/css2); content: url('",
            f'</style><script>fetch("http://{address}/js")</script>',
            f'{{% include "{secret}" %}}{{{{ settings.SECRET_KEY }}}}',
            f'=HYPERLINK("http://{address}/formula")&amp;&#60;img src=x&#62;<!-- ]]> <![CDATA[',
        ]
    )


@pytest.fixture
def listener():
    """Whoever connects is noted."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("form", ["pdf", "docx"])
@pytest.mark.parametrize("kind", [ExportKind.SESSION_NOTES, ExportKind.FULL_RECORD])
def test_nothing_is_fetched_and_no_file_is_read(form, kind, listener, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY-OF-A-FILE")
    host, port = listener.getsockname()
    record = with_texts(full_record(kind=kind), attacks(f"{host}:{port}", str(secret)))
    file = BytesIO()
    build(form, record, file)
    with contextlib.suppress(BlockingIOError):
        connection, _ = listener.accept()
        connection.close()
        pytest.fail("A connection was opened.")
    assert b"CANARY-OF-A-FILE" not in file.getvalue()
    if form == "pdf":
        reader = PdfReader(file)
        assert not reader.attachments
        assert "CANARY-OF-A-FILE" not in "".join(one.extract_text() for one in reader.pages)
        links = [note.get_object() for one in reader.pages for note in one.get("/Annots", [])]
        assert all("/URI" not in str(link.get("/A", "")) for link in links)


@pytest.mark.parametrize("reference", ["http://127.0.0.1:9/x", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_even_markup_that_is_not_escaped_fetches_nothing(reference):
    with pytest.raises(ValueError, match="disallowed protocol"):
        locked_fetcher().fetch(reference)
    html = f'<html lang=en><title>x</title><body><p>Here</p><img alt=x src="{reference}">'
    drawn = PdfReader(BytesIO(KEEPER.draw(html.encode()).pdf)).pages[0]
    assert "Here" in drawn.extract_text()
    assert not drawn.images


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "open('/etc/passwd')",
        "open(b'/etc/passwd')",
        "import os; os.open('/etc/passwd', os.O_RDONLY)",
        "import json; open(json.__file__, 'a')",
        "import os; os.remove('/nowhere')",
        "import tempfile; tempfile.mkdtemp()",
        "import os; os.system('id')",
    ],
)
def test_the_program_that_draws_can_open_nothing(code):
    program = f"import runpy, sys; sys.addaudithook(runpy.run_path({str(PROGRAM)!r})['lock'])"
    done = subprocess.run([sys.executable, "-I", "-c", f"{program}; {code}"], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"PermissionError" in done.stderr


@pytest.mark.parametrize("kind", ExportKind.values)
def test_control_characters_are_shown_and_files_open(kind):
    record = with_texts(full_record(kind=kind), CONTROLS)
    for form in ("pdf", "docx"):
        file = BytesIO()
        build(form, record, file)
        if form == "docx":
            words = "".join(node.text or "" for node in docx.Document(file).element.iter("{*}t"))
        else:
            words = "".join(one.extract_text() for one in PdfReader(file).pages)
        assert "\N{REPLACEMENT CHARACTER}" in words
        assert not re.search("[\x00-\x08\ud800-\udfff]", words)


def test_endless_words_stay_within_the_page_and_the_number_of_pages_sane():
    record = full_record(kind=ExportKind.SESSION_NOTES)
    note = with_texts(record.notes[0], "w" * 10_000)
    file = BytesIO()
    build("pdf", replace(record, notes=[note], patient=replace(record.patient, first_name="W" * 10_000)), file)
    reader = PdfReader(file)
    assert len(reader.pages) < 160  # thirty words of three to five pages
    for one in reader.pages:
        for line in one.extract_text().splitlines():
            # A line of the page holds about 90 letters of this width.
            assert len(line) < 140
