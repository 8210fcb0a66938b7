"""Mutants that break the rules of exports; the access matrix must detect each."""

from typing import Any

from accounts.models import AccessRequest
from exports.jobs import access, api
from exports.jobs.querysets import ExportQuerySet
from exports.jobs.services import downloads, requests
from exports.jobs.views import exports as pages
from therapybridge.tests.matrix.mutants import Patch, breaks

EXPORTS, ONE = "api/v1/exports", "api/v1/exports/<id:pk>"


@breaks((EXPORTS, "GET"), (ONE, "GET"), ("exports/<uuid:pk>/download", "POST"))
def exports_of_everybody(patch: Patch) -> None:
    patch.setattr(ExportQuerySet, "visible_to", lambda rows, user: rows.all())


@breaks((ONE, "GET"))
def exports_that_outlive_the_treatment(patch: Patch) -> None:
    patch.setattr(ExportQuerySet, "visible_to", lambda rows, user: rows.filter(requested_by=user.pk))


@breaks((EXPORTS, "POST"), (f"{EXPORTS}/preview", "POST"))
def exports_in_an_emergency(patch: Patch) -> None:
    patch.setattr(api, "writable", lambda opened, action: opened)
    patch.setattr("accounts.care.access.RecordAccess.require_write", lambda opened, patient_id: None)


@breaks((EXPORTS, "POST"), (f"{EXPORTS}/preview", "POST"))
def exports_without_consent(patch: Patch) -> None:
    patch.setattr(requests, "require_consents", lambda patient, basis, extras: None)


@breaks(("account/copies", "POST"))
def copies_without_a_request(patch: Patch) -> None:
    def one(patient: Any) -> Any:
        AccessRequest.objects.filter(patient=patient).update(status="in_progress")
        return AccessRequest.objects.filter(patient=patient)

    patch.setattr(requests, "requests_for_a_copy", one)


@breaks((f"{ONE}/download", "GET"), ("exports/<uuid:pk>/download", "POST"))
def downloads_that_nobody_wrote_down(patch: Patch) -> None:
    patch.setattr(downloads, "record", lambda *args, **kwargs: None)


@breaks(("exports/<uuid:pk>", "GET"))
def a_page_of_an_export_that_is_found_by_its_id(patch: Patch) -> None:
    def found(by: Any, pk: Any, action: Any) -> Any:
        job = access.ExportJob.objects.get(pk=pk)
        return job, access.access_to(by, job.patient, may_write=True)

    patch.setattr(pages, "open_export", found)
