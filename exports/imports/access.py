"""Access checks for imports named in a URL."""

from uuid import UUID

from audit.audit_actions import Action
from audit.log import deny
from exports.imports.models import RecordImport
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one


def open_import(by: Actor, pk: UUID, action: Action) -> RecordImport:
    """Open an import for the therapist who uploaded the file; NotFound, audited as denied, for all others."""
    rows = RecordImport.objects.visible_to(by.user).select_related("clinic", "requested_by", "patient")
    job: RecordImport | None = only_one(rows, pk=pk)
    if job is None:
        deny(action, "not_found", by=by, target=RecordImport(pk=pk))
        raise NotFound("This import does not exist.")
    return job
