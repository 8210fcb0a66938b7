"""How a therapist wants drafts to be written."""

from django.conf import settings
from django.db import models

from sessions_app.notes.choices import Approach, Density, Quotation
from sessions_app.pipeline.drafting import style
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class DraftingStyle(BaseModel):
    """A therapist's preferences for drafts of their own sessions; without a row, the default."""

    therapist = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    modality = models.CharField(max_length=20, blank=True, choices=Approach)
    density = models.CharField(max_length=10, choices=Density, default=Density.STANDARD)
    quotation = models.CharField(max_length=10, choices=Quotation, default=Quotation.STANDARD)
    wording = EncryptedTextField(purpose="drafting_style.wording", blank=True)

    class Meta:
        constraints = [
            one_of("modality", ["", *Approach.values], "drafting_style_modality"),
            one_of("density", Density, "drafting_style_density"),
            one_of("quotation", Quotation, "drafting_style_quotation"),
        ]

    def __str__(self) -> str:
        return f"Drafting style {str(self.pk)[-8:]}"

    @property
    def style(self) -> style.Style:
        """As the pipeline takes it."""
        return style.Style(self.modality, self.density, self.quotation, self.wording)  # type: ignore[arg-type]
