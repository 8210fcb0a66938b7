"""Base of admin pages that write."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest

from audit import audit_actions, log
from audit.admin.staff import ClinicStaffAdmin
from therapybridge.core.actor import actor_of


class RecordedAdmin(ClinicStaffAdmin):
    """Writes one audit row with each save, in its transaction; its reason says where the change was made."""

    audit_name = ""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Save only the changed fields and audit their names; concurrent changes of other fields survive."""
        with transaction.atomic():
            if change:
                obj.save(update_fields=form.changed_data)
            else:
                super().save_model(request, obj, form, change)
            action = audit_actions.declared(f"{self.audit_name}.{'updated' if change else 'created'}")
            log.record(action, obj, by=actor_of(request), changed=form.changed_data, reason="admin site")
