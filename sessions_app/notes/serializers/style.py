"""Serializer for the drafting style."""

from rest_framework import serializers

from sessions_app.notes.choices import Approach, Density, Quotation
from sessions_app.notes.services.style import MAX_WORDING
from therapybridge.core.api.serializers import ComposedField, StrictSerializer


class StyleSerializer(StrictSerializer):
    """How drafts are written; `wording` are the therapist's own wishes about words."""

    modality = serializers.ChoiceField(Approach.choices, allow_blank=True)
    density = serializers.ChoiceField(Density.choices)
    quotation = serializers.ChoiceField(Quotation.choices)
    wording = ComposedField(allow_blank=True, max_length=MAX_WORDING)
