"""Two thousand requests in random order: each access to a record leaves one complete audit row."""

import random
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import transaction

from audit.models import AuditEvent
from therapybridge.tests.matrix import cells
from therapybridge.tests.matrix.asking import Answer
from therapybridge.tests.matrix.cells import Cell
from therapybridge.tests.matrix.judging import Judge, audited, report

pytestmark = pytest.mark.django_db

STEPS, LEGS, SEED = 2000, 4, 20261121
OK_BELOW = 400
ON_RECORD = [cell for cell in cells.everything() if cell.kind in {"plain", "head"} and audited(cell) == 1]


@pytest.mark.matrix
@pytest.mark.parametrize("leg", range(LEGS))
def test_every_request_that_touches_a_record_leaves_one_full_line(leg: int, judge: Judge):
    chance = random.Random(SEED + leg)
    steps = chance.choices(ON_RECORD, k=STEPS // LEGS)
    wrong = [line for cell in steps for line in off_record(judge, cell)]
    assert not wrong, report(sorted(set(wrong)))


def off_record(judge: Judge, cell: Cell) -> list[str]:
    """What the audit trail is missing about one request."""
    with transaction.atomic():
        answer = judge.asker.ask(cell)
        rows = list(AuditEvent.objects.exclude(pk__in=judge.known_rows))
        found = [f"left {len(rows)} rows"] if len(rows) != 1 else list(unsaid(judge, cell, answer, rows[0]))
        transaction.set_rollback(True)
    return [f"{cell}: {one}" for one in found]


def unsaid(judge: Judge, cell: Cell, answer: Answer, row: AuditEvent) -> Iterator[str]:
    """Actor, outcome, request, patient and the ids of a list."""
    reader = judge.asker.scenery.rows.get(cell.identity)
    # At a public route the link or the password says who acts, not the browser.
    if not cell.entry.rule.is_public and row.actor_id != getattr(reader, "pk", None):
        yield f"actor {row.actor_id}"
    is_done = answer.status < OK_BELOW
    if (row.outcome == "ok") != is_done:
        yield f"outcome {row.outcome} of {answer.status}"
    if row.request_id != answer.request_id:
        yield f"request {row.request_id!r}"
    named = cell.given.get("patient_id")
    if named and row.patient_id != judge.asker.scenery.key(named):
        yield f"patient {row.patient_id}"
    if "list" in cell.entry.options and is_done and cell.method == "GET":
        shown = re.findall(cell.entry.options["list"]["find"].replace("ID", "([0-9a-f-]{36})"), answer.body)
        if missing := {UUID(one) for one in shown} - {UUID(one) for one in row.ids}:
            yield f"{len(missing)} ids of {len(set(shown))} shown"
