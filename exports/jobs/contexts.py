"""Contexts of the pages of exports."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.care.access import RecordAccess
from accounts.models import User
from accounts.rights.choices import Basis
from exports.choices import WITHOUT_PERIOD, ExportFormat, ExportKind, ExportStatus, Extra
from exports.collect import Counts
from exports.collect.counts import in_words
from exports.jobs.access import live_consents, requests_for_a_copy, stays_inside
from exports.jobs.forms import FORMATS, ExportForm, OwnCopyForm
from exports.jobs.models import ExportJob
from exports.jobs.services.downloads import what_of
from exports.layouts.models import ExportLayout
from sessions_app.models import TherapySession
from therapybridge.core.dates import day
from therapybridge.core.pages.lists import Choice, Listing

MOST_OFFERED = 100  # sessions to choose from
LATEST = 5
STATUS = Choice(
    "status",
    {
        "": "All",
        "running": "Being made",
        **{one.value: str(one.label) for one in (ExportStatus.COMPLETED, ExportStatus.FAILED, ExportStatus.EXPIRED)},
    },
    lambda rows, value: rows.running() if value == "running" else rows.filter(status=value),
)
EXPORTS = Listing(order=("-id",), choice=STATUS)


def list_context(user: User, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """A page of one's own exports."""
    page = EXPORTS.page(ExportJob.objects.visible_to(user).select_related("patient"), query, path)
    return {**page.context(), "is_polling": any(job.is_running for job in page)}


def own_context(access: RecordAccess, form: OwnCopyForm, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """A patient's own copies, and whether another can be made now."""
    page = EXPORTS.page(ExportJob.objects.visible_to(access.user).select_related("patient"), query, path)
    asked = requests_for_a_copy(access.patient).first()
    return {"page": page, "form": form, "asked": asked, "is_polling": any(job.is_running for job in page)}


def detail_context(job: ExportJob) -> dict[str, Any]:
    """An export: how far it is, and what is in it."""
    return {"export": job, "patient": job.patient, "what": what_of(job), "counts": in_words(job.counts)}


def form_for(access: RecordAccess, *args: Any, **kwargs: Any) -> ExportForm:
    """The form, with what can be chosen for this patient."""
    return ExportForm(
        *args,
        sessions=offered_sessions(access),
        layouts=layouts_of(access.user),
        extras=live_consents(access.patient, Extra.values),
        **kwargs,
    )


def offered_sessions(access: RecordAccess) -> list[tuple[str, str]]:
    """The latest sessions."""
    rows = TherapySession.objects.visible_to(access.user).filter(patient=access.patient)
    latest = rows.order_by("-session_date", "-id")[:MOST_OFFERED]
    return [(str(one.pk), f"{one.title}, {day(one.session_date)}") for one in latest]


def layouts_of(user: User) -> QuerySet[ExportLayout]:
    """The clinic's layouts."""
    return ExportLayout.objects.visible_to(user).order_by("name", "id")


def form_context(access: RecordAccess, form: ExportForm, preview: Counts | None = None) -> dict[str, Any]:
    """The form or, once it is filled in, what the export will hold; and the latest exports of the patient."""
    mine = ExportJob.objects.visible_to(access.user).filter(patient=access.patient)
    shown = _preview_context(access, form, preview) if preview else {}
    patient: Any = access.patient  # what came in for them is a subject above this one
    missing = set(Extra.values) - live_consents(access.patient, Extra.values)
    return {
        "patient": access.patient,
        "form": form,
        "missing_extras": [Extra(one).label for one in Extra.values if one in missing],
        "came_in": patient.imports.exclude(completed_at=None).first(),
        "latest": list(mine.order_by("-id")[:LATEST]),
        **shown,
    }


def _preview_context(access: RecordAccess, form: ExportForm, preview: Counts) -> dict[str, Any]:
    """What will be in it, and what was filled in, to be sent again."""
    given, sent = form.cleaned_data, cast("QueryDict", form.data)
    return {
        "preview": preview,
        "counts": in_words(preview.numbers),
        "kind_label": ExportKind(given["kind"]).label,
        "format_label": FORMATS[ExportFormat(given["format"])],
        "basis_label": Basis(given["basis"]).label,
        "holds_profile": given["kind"] in WITHOUT_PERIOD and given["basis"] != Basis.PATIENT,
        "is_for_patient": given["basis"] == Basis.PATIENT,
        "stays_inside": stays_inside(access.patient, given["basis"], given["recipient"]),
        "given": [(name, one) for name in form.fields for one in sent.getlist(name)],
    }


def initial_of(query: Mapping[str, str]) -> dict[str, Any]:
    """What a link to the form has chosen already; nonsense is ignored."""
    kind = query.get("kind", "")
    chosen: dict[str, Any] = {"kind": kind if kind in ExportKind.values else ExportKind.SESSION_NOTES.value}
    try:
        session = UUID(query.get("session", ""))
    except ValueError:
        return chosen
    return chosen | {"sessions": [str(session)]}
