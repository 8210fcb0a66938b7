"""Layouts of the access matrix."""

from typing import Any

from exports.layouts.models import ExportLayout


def write(scenery: Any) -> None:
    """One of each clinic."""
    for prefix in ("", "foreign_"):
        clinic = scenery.rows[f"{prefix}clinic"]
        scenery.rows[f"{prefix}layout"] = ExportLayout.objects.create(clinic=clinic, name="Usual", parts=["notes"])
