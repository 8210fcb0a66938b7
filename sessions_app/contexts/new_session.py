"""Context of the page that starts a session."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.consent.services.decisions import missing_recording_consents
from accounts.identity.services.storage import quota_of, usage_of
from accounts.models import User
from sessions_app.choices import QUALITY_NOTICES, language_name
from sessions_app.forms import NewSessionForm
from sessions_app.pipeline.audio.sniff import ACCEPTED
from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.engines.base import ConfigurationError

ACCEPT = ",".join((*(f".{suffix}" for suffix in ACCEPTED), "audio/*"))


def new_context(user: User, form: NewSessionForm, chosen: str) -> dict[str, Any]:
    """The form, and whether the selected patient has consented."""
    patient = _chosen_patient(user, chosen)
    return {
        "form": form,
        "patient": patient,
        "consent_ok": patient is not None and not missing_recording_consents(patient),
        "consent_url": reverse("accounts:consent", args=[patient.pk]) if patient else "",
        "accept": ACCEPT,
        "storage": usage_of(user.clinic) if user.clinic and quota_of(user.clinic) else None,
        "max_mb": settings.MAX_RECORDING_BYTES // 1024**2,
        "speech": _speech(user),
    }


def _speech(user: User) -> dict[str, str] | None:
    """Who will transcribe a recording, and what to expect of it; None if nobody can."""
    chosen = registry.from_settings(external=bool(user.clinic and user.clinic.external_ai_allowed))
    if registry.uses_speech_service(chosen):  # whose client would take a second to import
        return {"service": chosen.transcribe_model}
    try:
        engine = registry.transcriber(chosen)
    except ConfigurationError:
        return None
    language = engine.capability().only_language
    return {
        "model": engine.model,
        "notice": QUALITY_NOTICES[engine.quality],
        "only_language": language_name(language) if language else "",
    }


def _chosen_patient(user: User, chosen: str) -> User | None:
    try:
        patient: User | None = User.objects.patients_treated_by(user).filter(pk=UUID(chosen)).first()
    except ValueError:
        return None
    return patient
