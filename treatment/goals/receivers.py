"""The product's interventions are rows, made after every migration as Django makes its permissions."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from treatment.goals.services.library import install_library


@receiver(post_migrate, dispatch_uid="goals.library")
def add_interventions(sender: AppConfig, **kwargs: Any) -> None:
    """Add them, or bring them up to date, once their table exists."""
    if sender.label != "treatment":
        return
    try:
        interventions = (kwargs.get("apps") or apps).get_model("treatment", "Intervention")
    except LookupError:  # migrated to a state that is older than the library
        return
    install_library(interventions)
