"""Records of the demonstration clinic as data: every kind of export of every patient, read by independent readers."""

import csv
import io
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone

from accounts.care.access import access_to
from accounts.models import ConsentEntry, TherapistPatient
from exports.builders import build
from exports.builders.csv import TABLES
from exports.builders.tests.fhir_schema import errors_of, parsed
from exports.choices import ExportFormat, ExportKind
from exports.collect import Request, Wanted, collect
from exports.records.record import About, Record
from exports.tests.test_json import flaws
from sessions_app.models import ActionItem, RiskReview, SessionNote, TherapySession
from therapybridge.core.actor import Actor
from therapybridge.tests.demonstration import demonstration
from treatment.models import CheckIn, Goal, MeasureResult, TreatmentPlan

__all__ = ["demonstration"]  # a fixture
pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.any_database]
VISIBLE = {
    "sessions": TherapySession,
    "notes": SessionNote,
    "action_items": ActionItem,
    "risk_reviews": RiskReview,
    "consents": ConsentEntry,
    "plans": TreatmentPlan,
    "goals": Goal,
    "check_ins": CheckIn,
    "results": MeasureResult,
}


def records(kind: str, *, own: bool = False) -> Iterator[tuple[Any, Record]]:
    """A record of each patient as the therapist who treats them gets it, or as they get their own."""
    for relation in TherapistPatient.objects.active().select_related("therapist__clinic", "patient__clinic"):
        reader = relation.patient if own else relation.therapist
        access = access_to(Actor(user=reader), relation.patient, may_write=not own)
        about = About(kind=kind, made_at=timezone.now(), made_by="Tests", time_zone=str(relation.patient.clinic_zone))
        yield access, collect(Request(access, Wanted(kind=kind)), about)


def made(form: str, record: Record) -> bytes:
    file = BytesIO()
    build(form, record, file)
    return file.getvalue()


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("kind", ExportKind.values)
def test_bundles_keep_to_fhir_and_lead_nowhere_else(demonstration: str, kind: str, own: bool) -> None:
    seen = 0
    for _, record in records(kind, own=own):
        whole = json.loads(made(ExportFormat.FHIR, record))
        assert [error for one in whole["entry"] for error in errors_of(one["resource"])] == []
        assert [parsed(one["resource"]).id for one in whole["entry"]] == [
            one["resource"]["id"] for one in whole["entry"]
        ]
        urls = {one["fullUrl"] for one in whole["entry"]}
        assert len(urls) == len(whole["entry"])
        seen += len(urls)
    assert seen > 20


def test_nothing_that_the_therapist_sees_is_missing_from_bundle_or_tables(demonstration: str) -> None:
    for access, record in records(ExportKind.FULL_RECORD):
        entries = json.loads(made(ExportFormat.FHIR, record))["entry"]
        ids = {one["resource"]["id"] for one in entries}
        tables = ZipFile(BytesIO(made(ExportFormat.CSV, record)))
        for name, model in VISIBLE.items():
            visible = model.objects.visible_to(access.user)
            known = {str(pk) for pk in visible.filter(patient=access.patient).values_list("pk", flat=True)}
            assert known <= ids, name
            if known:
                rows = csv.DictReader(io.StringIO(tables.read(f"{name}.csv").decode("utf-8-sig"), newline=""))
                assert known <= {row["id"] for row in rows}


@pytest.mark.parametrize("own", [False, True])
def test_json_is_by_the_published_schema(demonstration: str, own: bool) -> None:
    for _, record in records(ExportKind.FULL_RECORD, own=own):
        assert flaws(made(ExportFormat.JSON, record)) == []


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("kind", ExportKind.values)
def test_tables_are_read_by_the_csv_module(demonstration: str, kind: str, own: bool) -> None:
    for _, record in records(kind, own=own):
        content = made(ExportFormat.CSV, record)
        if kind == ExportKind.TIMELINE:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
            assert len(rows) == 1 + len(record.events) + len(record.withheld)
            continue
        archive = ZipFile(BytesIO(content))
        assert archive.testzip() is None
        for table in TABLES:
            if f"{table.name}.csv" in archive.namelist():
                text = archive.read(f"{table.name}.csv").decode("utf-8-sig")
                widths = {len(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)}
                assert widths == {len(table.meanings)}
