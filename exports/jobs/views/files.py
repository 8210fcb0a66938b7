"""The file of an export as a response: in chunks, never stored on the way, never shown by the browser."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from accounts.care.access import RecordAccess
from audit.log import record
from exports.audit_actions import EXPORT_READ
from exports.jobs.models import ExportJob
from exports.jobs.services.downloads import Download, look_at, open_download
from therapybridge.core.http.ranges import FileBody


def file_response(job: ExportJob, access: RecordAccess, *, is_head: bool = False) -> HttpResponseBase:
    """Hand out the file; a HEAD hands out nothing and is no disclosure."""
    if is_head:
        found = look_at(job, access=access)
        record(EXPORT_READ, job, by=access)
        return HttpResponse(headers=_headers(found))
    found = open_download(job, access=access)
    return FileBody(found.file, headers=_headers(found))


def _headers(found: Download) -> dict[str, str]:
    return {
        "Content-Type": found.media_type,
        "Content-Length": str(found.size),
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Cache-Control": "no-store",
        "Accept-Ranges": "none",
        "X-Content-Type-Options": "nosniff",
    }
