"""Checks the response to a cell: status, leaks, changes and audit rows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import time_machine
from django.core import mail
from django.db import transaction

from accounts.models import OutgoingMail
from audit.models import AuditEvent
from therapybridge.tests.matrix import canaries
from therapybridge.tests.matrix.asking import Answer, Asker
from therapybridge.tests.matrix.cells import Cell
from therapybridge.tests.matrix.listing import SAFE
from therapybridge.tests.matrix.watching import Watch

NOBODY = "nobody in particular"


class Judge:
    """Sends each cell inside a savepoint that is rolled back, so that all cells see the same scenery."""

    def __init__(self, asker: Asker) -> None:
        self.asker, self.watch = asker, Watch()
        self.known_rows = set(AuditEvent.objects.values_list("pk", flat=True))
        self.known_emails = set(OutgoingMail.objects.values_list("pk", flat=True))

    def wrong(self, cell: Cell) -> list[str]:
        """The differences from the expectation, in words."""
        # A page tells how many seconds its session has left: both answers are of one moment.
        with time_machine.travel(datetime.now(UTC), tick=False):
            found = self._asked_and_judged(cell)
        mail.outbox.clear() if hasattr(mail, "outbox") else None
        return [f"{cell}: {one}" for one in found]

    def _asked_and_judged(self, cell: Cell) -> list[str]:
        with transaction.atomic():
            with self.watch.looking():
                answer = self.asker.ask(cell)
            found = list(self._judged(cell, answer))
            transaction.set_rollback(True)
        if cell.has_twin:
            with transaction.atomic():
                twin = self.asker.ask(cell, of_nobody=True)
                transaction.set_rollback(True)
            if twin.masked != answer.masked:
                found.append(f"answers {answer.status}, and {twin.status} for a row that never was")
        return found

    def _judged(self, cell: Cell, answer: Answer) -> Iterator[str]:
        expected, where = expectation(cell)
        if answer.status != expected:
            yield f"answered {answer.status}, not {expected}: {plain(answer.body)[:160]}"
        if where and not answer.location.startswith(where):
            yield f"leads to {answer.location or 'nowhere'}, not to {where}"
        reader = cell.entry.options.get("holder", cell.identity)
        for word in canaries.leaked(f"{answer.headers} {answer.body}", reader):
            yield f"tells {word}"
        yield from self._emails(cell)
        yield from self._rows(cell)
        yield from self._trail(cell)
        yield from self._list(cell, answer)

    def _emails(self, cell: Cell) -> Iterator[str]:
        if not self.watch.wrote_to(OutgoingMail):
            return
        written = list(OutgoingMail.objects.exclude(pk__in=self.known_emails))
        for email in written:
            for word in canaries.leaked(f"{email.subject} {email.text} {email.html}", NOBODY):
                yield f"an e-mail tells {word}"
        if cell.answer != "ok" and written:
            yield "a refused request wrote an e-mail"

    def _rows(self, cell: Cell) -> Iterator[str]:
        changed = self.watch.changed()
        may_write = cell.kind == "plain" and cell.answer == "ok" and cell.method not in SAFE
        said = cell.entry.options.get("writes", may_write)
        writes = said == f"only {cell.identity}" if isinstance(said, str) else said
        if cell.answer != "ok" or not writes:
            if changed:
                yield f"changed {', '.join(sorted(changed))}"
        elif not changed and may_write:
            yield "changed nothing"

    def _trail(self, cell: Cell) -> Iterator[str]:
        outcomes = []
        if self.watch.wrote_to(AuditEvent):
            rows = AuditEvent.objects.exclude(pk__in=self.known_rows)
            outcomes = list(rows.values_list("outcome", flat=True))
        wanted = audited(cell)
        if len(outcomes) != wanted:
            yield f"left {len(outcomes)} audit rows, not {wanted}"
        elif wanted and any(outcome == "ok" for outcome in outcomes) != (cell.answer == "ok"):
            yield f"is on record as {outcomes}"

    def _list(self, cell: Cell, answer: Answer) -> Iterator[str]:
        said = cell.entry.options.get("list")
        if not said or cell.kind != "plain" or cell.answer != "ok":
            return
        found = set(re.findall(said["find"].replace("ID", "([0-9a-f-]{36})"), answer.body))
        names = said["of"].get(cell.identity, []) + [f"{cell.identity}{one}" for one in said.get("each", ())]
        wanted = {str(key) for name in names for key in self.asker.scenery.keys(name)}
        if found != wanted:
            yield f"lists {self._named(found - wanted)} too much, and misses {self._named(wanted - found)}"

    def _named(self, ids: set[str]) -> list[str]:
        names = {str(getattr(row, "pk", row)): name for name, row in self.asker.scenery.rows.items()}
        return sorted(names.get(one, one) for one in ids)


def expectation(cell: Cell) -> tuple[int, str]:
    """The expected status, and the target of a redirect ("" is any)."""
    if cell.answer == "ok":
        options = cell.entry.options
        return options.get("status", {}).get(cell.identity, cell.entry.ok), options.get("to", "")
    if isinstance(cell.answer, int):
        return cell.answer, ""
    status, _, where = str(cell.entry.refusals[cell.answer]).partition(" ")
    return int(status), where


def audited(cell: Cell) -> int:
    """The expected number of audit rows."""
    said = cell.entry.rule.audit
    if cell.kind in {"forged", "probe"}:
        return 0
    if "audit" in cell.changes:
        return int(cell.changes["audit"])
    if cell.kind == "plain" and cell.identity in said:
        return said[cell.identity]
    return said.get({403: "denied", 404: "denied"}.get(cell.answer, str(cell.answer)), 0)


def plain(body: str) -> str:
    """A page's text, for the report of a failure."""
    main = re.search(r"<main.*?</main>", body, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main.group(0) if main else body).split())


def report(wrong: list[Any]) -> str:
    """The readable report."""
    return "\n" + "\n".join(map(str, wrong))
