"""Builders draw a record as a file. They read nothing but the record, so none can let out more than was collected."""

from importlib import import_module
from typing import BinaryIO

from exports.builders.limits import Check, limited, nothing
from exports.choices import ExportFormat, ExportKind
from exports.records.record import Record

ZIP = ("zip", "application/zip")
MEDIA = {
    ExportFormat.PDF: ("pdf", "application/pdf"),
    ExportFormat.DOCX: ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ExportFormat.JSON: ("json", "application/json"),
    ExportFormat.FHIR: ("fhir.json", "application/fhir+json"),  # beside a JSON of the same day
}


def media_of(kind: str, form: str) -> tuple[str, str]:
    """File extension and media type. Tables are one CSV file where there is one of them, else several in a zip."""
    if form == ExportFormat.CSV:
        return ("csv", "text/csv") if kind == ExportKind.TIMELINE else ZIP
    return MEDIA[ExportFormat(form)]


def build(form: str, record: Record, file: BinaryIO, check: Check = nothing) -> None:
    """Write the record to the file. A builder and its libraries are loaded when they are first needed.

    TooMuchToDraw if it takes too long; `check` is asked all along, and raises once nobody waits for the file any more.
    """
    builder = import_module(f"exports.builders.{ExportFormat(form).value}")
    with limited(check):
        builder.build(record, file)
