"""Audit actions of taking over data; each row that comes of it has its own."""

from audit.audit_actions import declare

TRANSFER_PREVIEWED = declare("transfer.previewed", "looked at what a file from another system would add", is_read=True)
TRANSFER_DONE = declare("transfer.done", "took over data from another system")
