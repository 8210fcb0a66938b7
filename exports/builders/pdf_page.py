"""Draws HTML documents as PDF, each in a process of its own.

This is started as a program whose standard input is a socket. With each message comes a connection: a process made for
it reads the document there, draws, answers and ends, and its memory with it. Starting takes longer than drawing a
short document, so the program stays for a while. It imports nothing of the product, gets no settings and no keys. The
processes that draw stop as soon as they are asked to open a connection, a program, or a file that is none of
Python's, or to change any: what people wrote is in the document. They end when nobody waits for it any more.
"""

import contextlib
import gc
import json
import os
import resource
import select
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.urls import URLFetcher

OWN_FOLDERS = tuple(f"{Path(folder).resolve()}/" for folder in (sys.prefix, sys.base_prefix))
MAX_SECONDS = 120  # of the processor; a record of 200 pages takes ten
MAX_BYTES = 2 * 1024**3  # of address space, most of which is never used
IDLE_SECONDS = 60
FIRST = "<html lang=en><p>Fonts are found <b>once</b>."
FAILED = 1
FORBIDDEN = ("socket.", "ftplib.", "subprocess.", "os.", "shutil.", "tempfile.")
NEEDED = "os.listdir"  # by whatever imports a module
CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Page(HTML):  # type: ignore[misc]  # has no types
    """An HTML document whose elements are laid out by its own stylesheet alone.

    WeasyPrint's default one gives each element five pseudo-elements for markers and footnotes. Without them a long
    document takes half the memory.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return []


def locked_fetcher() -> URLFetcher:
    """Opens data: addresses alone. By default a document can name any file and host."""
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


def complete_tags(_document: Any, pdf: Any) -> None:
    """Give header cells their scope, which WeasyPrint leaves out: columns in a table's head, rows elsewhere."""
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH":
            section = _parent(pdf, _parent(pdf, element))
            element["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"


def _parent(pdf: Any, element: Any) -> Any:
    # A reference is written as number, generation and the letter R.
    return pdf.objects[int(element["P"].split()[0])]


def draw(html: str) -> bytes:
    """The document as PDF/UA-1."""
    page = Page(string=html, url_fetcher=locked_fetcher())
    drawn: bytes = page.write_pdf(pdf_variant="pdf/ua-1", finisher=complete_tags)
    return drawn


def lock(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578) that refuses what no document needs."""
    if event.startswith(FORBIDDEN) and event != NEEDED:
        raise PermissionError(event)
    if event == "open" and not _may_open(*arguments):
        raise PermissionError(event)


def _may_open(file: Any, _mode: str | None, flags: int) -> bool:
    """What is open already, and what is Python's own, to read it."""
    if isinstance(file, int):
        return True
    return not flags & CHANGES and os.path.realpath(os.fsdecode(file)).startswith(OWN_FOLDERS)


def limit() -> None:
    """End, rather than hold a worker or its machine: a record may be too large or too intricate to be drawn."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    # A process that crashes would leave its memory on the disk, with the document in clear.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with(asked: socket.socket) -> None:
    """End when nobody waits for the document any more: whoever asked was killed, or has given up."""
    select.select([asked], [], [])
    os._exit(FAILED)


def draw_for(connection: int, asked: socket.socket) -> None:
    """Read a document to the end of what is sent, and send it back drawn."""
    threading.Thread(target=end_with, args=[asked], daemon=True).start()
    limit()
    # The process ends with the document: a tenth of its time would go into looking for garbage.
    gc.set_threshold(50_000, 50, 50)
    sys.addaudithook(lock)
    with open(connection, "r+b", buffering=0, closefd=False) as peer:
        html = peer.read()
        drawn = memoryview(draw(html.decode()))
        while drawn:
            drawn = drawn[peer.write(drawn) :]


def in_a_process(connection: int, asked: socket.socket) -> bytes:
    """Draw for a connection; a line of JSON tells how that process ended, its seconds of the processor, its memory."""
    process = os.fork()
    if process == 0:
        status = FAILED
        try:
            draw_for(connection, asked)
            status = 0
        except Exception as error:  # noqa: BLE001 (its words may quote the document: only its type is told)
            os.write(connection, type(error).__name__.encode())
        finally:
            os._exit(status)
    os.close(connection)
    _, status, used = os.wait4(process, 0)
    ended = {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": used.ru_utime + used.ru_stime,
        "kilobytes": used.ru_maxrss,
    }
    return f"{json.dumps(ended)}\n".encode()


def main() -> None:
    """Draw for whoever asks, until nobody has for a while or the socket is closed at its other end."""
    draw(FIRST)
    gc.freeze()
    with socket.socket(fileno=sys.stdin.fileno()) as asked:
        asked.settimeout(IDLE_SECONDS)
        with contextlib.suppress(TimeoutError, BrokenPipeError):
            while True:
                message, connections, _, _ = socket.recv_fds(asked, 1, 1)
                if not message:
                    break
                asked.sendall(in_a_process(connections[0], asked))


if __name__ == "__main__":
    main()
