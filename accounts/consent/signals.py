"""Consent signals, sent once each, on commit."""

from django.dispatch import Signal

consent_changed = Signal()  # patient_id: UUID, decisions: dict[str, str] (type of consent → status)
