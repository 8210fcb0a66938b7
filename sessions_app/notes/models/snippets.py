"""Text snippets: words that a therapist uses again and again."""

from django.conf import settings
from django.db import models

from sessions_app.notes.querysets import SnippetQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel


class TextSnippet(BaseModel):
    """A text of a therapist, to be inserted into notes. Nobody else sees it, and it goes with their account."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = EncryptedTextField(purpose="snippet.name")
    text = EncryptedTextField(purpose="snippet.text")
    revision = models.PositiveIntegerField(default=1)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner", "-id"], name="text_snippet_list")]

    def __str__(self) -> str:
        return f"Snippet {str(self.pk)[-8:]}"
