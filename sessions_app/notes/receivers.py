"""The product's templates are rows, made after every migration as Django makes its permissions."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from sessions_app.notes.services.templates import install_system_templates


@receiver(post_migrate, dispatch_uid="notes.system_templates")
def add_system_templates(sender: AppConfig, **kwargs: Any) -> None:
    """Add them, or a version of those that have changed, once their tables exist."""
    if sender.label != "sessions_app":
        return
    state = kwargs.get("apps") or apps
    try:
        template, version = (state.get_model("sessions_app", name) for name in ("NoteTemplate", "TemplateVersion"))
    except LookupError:  # migrated to a state that is older than templates
        return
    install_system_templates(template, version)
