"""Consent signals, sent once each, on commit unless they say otherwise."""

from django.dispatch import Signal

# Within the transaction of the signature: an error of a receiver undoes it.
consent_signed = Signal()  # request: ConsentRequest, entries: list[ConsentEntry]
consent_changed = Signal()  # patient_id: UUID, decisions: dict[str, str] (type of consent → status)
