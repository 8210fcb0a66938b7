"""How far an import has come."""

from django.db import models


class ImportStatus(models.TextChoices):
    """From the file to the patient."""

    CHECKING = "checking", "Being checked"
    READY = "ready", "Ready to be taken in"
    IMPORTING = "importing", "Being taken in"
    COMPLETED = "completed", "Taken in"
    FAILED = "failed", "Not taken in"


# No worker has anything to do.
IDLE = (ImportStatus.READY, ImportStatus.COMPLETED, ImportStatus.FAILED)
