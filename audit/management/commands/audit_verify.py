"""Verify the audit trail."""

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.models import NO_CLINIC
from audit.services import checkpoints
from audit.services.verification import Report, alterations, clinics, name_of, verify


def clinic_id(text: str) -> UUID:
    """Parse a clinic's id, or "system" for actions without a clinic."""
    try:
        return NO_CLINIC if text == "system" else UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a clinic's id") from None


class Command(BaseCommand):
    """One line per finding: clinic, position, event, kind. Exit code 1 when there is any."""

    help = "Find edits, deletions, insertions, swaps and truncation in the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", type=clinic_id, help='only this one; "system" for actions without a clinic')
        parser.add_argument("--checkpoint", type=Path, help="a file written by audit_checkpoint")
        parser.add_argument("--json", action="store_true", help="one JSON object per clinic")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify every chain."""
        points = self._points(options["checkpoint"])
        altered = alterations()
        wanted = [options["clinic"]] if options["clinic"] else sorted({*clinics(), *map(clinic_id, points), *altered})
        damaged = 0
        for clinic in wanted:
            report = verify(clinic, points.get(name_of(clinic)))
            report.findings += altered.get(clinic, [])
            damaged += len(report.findings)
            self._print_json(report) if options["json"] else self._print(report)
        if damaged:
            sys.exit(1)

    def _points(self, path: Path | None) -> dict[str, dict[str, Any]]:
        try:
            return checkpoints.load(path) if path else {}
        except checkpoints.InvalidCheckpoint:
            raise CommandError("The checkpoint is from another installation, or was modified.") from None

    def _print(self, report: Report) -> None:
        name = name_of(report.clinic)
        if report.removed and report.removed_at:
            self.stdout.write(f"{name}: positions 1..{report.removed} removed by retention on {report.removed_at:%F}")
        for finding in report.findings:
            position = "-" if finding.position is None else finding.position
            self.stdout.write(f"{name} {position} {finding.event_id or '-'} {finding.kind}")
        found = f"{len(report.findings)} findings" if report.findings else "whole"
        self.stdout.write(f"{name}: {report.length} chained, {report.pending} not chained yet, {found}")

    def _print_json(self, report: Report) -> None:
        facts = {
            "clinic": name_of(report.clinic),
            "length": report.length,
            "pending": report.pending,
            "removed": report.removed,
            "removed_at": report.removed_at,
            "findings": [finding.as_dict() for finding in report.findings],
        }
        self.stdout.write(orjson.dumps(facts).decode())
