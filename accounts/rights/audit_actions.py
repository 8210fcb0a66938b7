"""Audit actions for patients' rights."""

from audit.audit_actions import declare

ACCESS_READ = declare("access.read", "looked at who opened {your} record", is_read=True)
ACCESS_LOG_READ = declare("access_log.read", "looked at who opened {your} record", is_read=True)
ACCESS_REQUEST_CREATED = declare("access_request.created", "made a request about {your} record")
ACCESS_REQUEST_WITHDRAWN = declare("access_request.withdrawn", "withdrew a request about {your} record")
ACCESS_REQUEST_HANDLED = declare("access_request.handled", "answered a request about {your} record")
ACCESS_REQUEST_IN_PROGRESS = declare("access_request.in_progress", "started work on a request about {your} record")
ACCESS_REQUEST_FULFILLED = declare("access_request.fulfilled", "fulfilled a request about {your} record")
ACCESS_REQUEST_DENIED = declare("access_request.denied", "denied a request about {your} record")
ACCESS_REQUEST_LISTED = declare("access_request.listed", "looked at the requests about {your} record", is_read=True)
DISCLOSURE_RECORDED = declare("disclosure.recorded", "recorded who received {your} record")
DISCLOSURE_LISTED = declare("disclosure.listed", "looked at who received {your} record", is_read=True)
DISCLOSURE_DOWNLOADED = declare(
    "disclosure.downloaded", "downloaded the list of who received {your} record", is_read=True
)
