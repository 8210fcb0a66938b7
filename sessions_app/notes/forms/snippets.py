"""The form of a text snippet."""

from django import forms

from sessions_app.notes.services.snippets import MAX_SNIPPET_NAME, MAX_SNIPPET_TEXT
from therapybridge.core.pages.forms import LinesField, TidyField


class SnippetForm(forms.Form):
    """A name to find it by, and the words."""

    name = TidyField(max_length=MAX_SNIPPET_NAME)
    text = LinesField(max_length=MAX_SNIPPET_TEXT, widget=forms.Textarea(attrs={"rows": 5}))


class ChangeSnippetForm(SnippetForm):
    """The same, and the revision that was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
