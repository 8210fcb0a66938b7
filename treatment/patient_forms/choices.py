"""What a patient's form is for."""

from django.db import models


class FormPurpose(models.TextChoices):
    """Which app's row a form belongs to."""

    MEASURE = "measure", "A questionnaire"
    CHECK_IN = "check_in", "A check-in"
