"""The pages of the access matrix in a browser that asks Django without a server."""

import mimetypes
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import BrowserContext, Request, Route

from therapybridge.tests.matrix.asking import Asker
from therapybridge.tests.matrix.cells import COOKIE, Cell, cells
from therapybridge.tests.matrix.judging import expectation
from therapybridge.tests.matrix.listing import Entry, entries

# A host name that browsers trust without encryption.
HOST = "http://localhost"
OK = 200
# The first of each row who gets a page: one for every frame around it, such as the banner of an emergency.
READERS = (
    ("anonymous", "mfa_pending", "enrol_due"),
    ("assigned", "colleague"),
    ("emergency",),
    ("patient",),
    ("admin",),
)


def visits() -> dict[str, Cell]:
    """Each page that answers a GET with more than a redirect, as each kind of reader gets it; not the admin site's."""
    asked = [entry for entry in entries().values() if entry.method == "GET" and entry.surface == "page"]
    return {f"{cell.entry.route or 'home'}-{cell.identity}": cell for entry in asked for cell in _visits(entry)}


def _visits(entry: Entry) -> Iterator[Cell]:
    seen = {cell.identity: cell for cell in cells(entry) if _is_page(cell)}
    for kind in READERS[:1] if entry.rule.is_public else READERS:
        if kind != ("emergency",) or "<" in entry.route:
            yield from [seen[who] for who in kind if who in seen][:1]


def _is_page(cell: Cell) -> bool:
    return cell.kind == "plain" and cell.channel == COOKIE and cell.answer == "ok" and expectation(cell)[0] == OK


class Desk:
    """A thread in which Django answers, with a database of its own: that of a browser's test runs an event loop."""

    def __init__(self, build: Callable[[], Asker]) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._build = build
        self._all = transaction.atomic()

    def __enter__(self) -> Self:
        self._do(self._open)
        return self

    def __exit__(self, *raised: object) -> None:
        self._do(self._close)
        self._thread.shutdown()

    def _open(self) -> None:
        self._name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=settings.IS_SQLITE)
        self._all.__enter__()
        self._asker = self._build()

    def _close(self) -> None:
        transaction.set_rollback(True)
        self._all.__exit__(None, None, None)
        connection.creation.destroy_test_db(self._name, verbosity=0)

    def _do(self, what: Callable[..., Any], *args: Any) -> Any:
        return self._thread.submit(what, *args).result()

    @contextmanager
    def rewound(self) -> Iterator[None]:
        """Undo afterwards what was written: a page that is shown once can be asked for again."""
        before = self._do(transaction.savepoint)
        try:
            yield
        finally:
            self._do(transaction.savepoint_rollback, before)

    def page_of(self, cell: Cell) -> str | None:
        """Where the page is in the scenery; None if the answer is only a part of one, or a file."""
        with self.rewound():
            return self._do(self._page_of, cell)  # type: ignore[no-any-return]

    def _page_of(self, cell: Cell) -> str | None:
        asked = self._asker.request_of(cell, set())
        body: bytes = self._asker.send(cell, asked).getvalue()
        return asked.path if b"<html" in body[:200] else None

    def serve(self, context: BrowserContext, identity: str) -> None:
        """Answer every request of a browser context as Django does to this person."""
        client = self._do(self._asker.credentials.client, identity)

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(HOST)
            if path.startswith("/static/"):
                route.fulfill(**_static(path.partition("?")[0].removeprefix("/static/")))
                return
            response = self._do(_asked, client, route.request, path)
            headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
            route.fulfill(status=response.status_code, headers=headers, body=response.content)

        context.route("**/*", answer)


def _asked(client: Client, request: Request, path: str) -> Any:
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    kind = request.headers.get("content-type", "")
    response = client.generic(request.method, path, request.post_data_buffer or b"", kind, **given)
    if response.streaming:
        response.content = response.getvalue()
    return response


def _static(name: str) -> dict[str, Any]:
    found = finders.find(name)
    if not isinstance(found, str):
        return {"status": 404}
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"status": OK, "content_type": kind, "body": Path(found).read_bytes()}
