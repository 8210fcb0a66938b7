"""Access to a layout named in a URL."""

from uuid import UUID

from audit.audit_actions import Action
from audit.log import deny
from exports.layouts.models import ExportLayout
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one


def open_layout(by: Actor, pk: UUID, action: Action) -> ExportLayout:
    """Open a layout of the reader's clinic; NotFound, audited as denied, for another's."""
    rows = ExportLayout.objects.visible_to(by.user).select_related("changed_by")
    layout: ExportLayout | None = only_one(rows, pk=pk)
    if layout is None:
        deny(action, "not_found", by=by, target=ExportLayout(pk=pk))
        raise NotFound("This layout does not exist.")
    return layout
