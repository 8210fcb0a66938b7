"""The form in which a template is built: one for its name, one for each section, one for each field."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, count
from typing import Any, Self

from django import forms
from django.http import QueryDict

from sessions_app.notes.choices import FIELD_TYPE_LABELS, SOURCE_LABELS
from sessions_app.notes.forms.outline import FIELD, SECTION, Outline
from sessions_app.notes.services.templates import MAX_DESCRIPTION, MAX_NAME
from sessions_app.pipeline.note_templates.definition import (
    CHOICE_TYPES,
    ID,
    MAX_HELP,
    MAX_LABEL,
    MAX_PLACEHOLDER,
    MOOD_TYPES,
    NUMBER_TYPES,
    PROSE_TYPES,
    Definition,
)
from sessions_app.pipeline.note_templates.values import as_figure
from therapybridge.core.pages.forms import ComposedField, LinesField, TidyField

MAX_OPTION_TEXT = 5_000  # characters of all options of a field
MAX_STEM = 36  # characters of an id that is made from a label; the rest is for a number
# Places such as sections.0.fields.2.options of an invalid definition.
PLACE = re.compile(r"sections\.(?P<section>\d+)(?:\.fields\.(?P<field>\d+))?\.(?P<name>\w+)")
Data = dict[str, Any]


class HeadForm(forms.Form):
    """What a template is called, and the state that it was opened in; empty for a new one."""

    name = TidyField(max_length=MAX_NAME)
    description = ComposedField(
        max_length=MAX_DESCRIPTION, required=False, help_text="When you use it, for the list of templates."
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SectionForm(forms.Form):
    """A section's heading; the id stays when the heading changes."""

    title = TidyField(max_length=MAX_LABEL, label="Heading")
    id = forms.CharField(required=False, widget=forms.HiddenInput)


class FieldForm(forms.Form):
    """A field; the id stays when the label changes, so that notes take what is written along to a later version."""

    label = TidyField(max_length=MAX_LABEL)
    type = forms.ChoiceField(choices=list(FIELD_TYPE_LABELS.items()), label="Kind", initial="textarea")
    options = LinesField(
        required=False,
        max_length=MAX_OPTION_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One on each line.",
    )
    minimum = forms.FloatField(required=False, label="Lowest value")
    maximum = forms.FloatField(required=False, label="Highest value")
    required = forms.BooleanField(required=False, label="Must be filled in before the note is signed")
    ai_mapping = forms.MultipleChoiceField(
        choices=list(SOURCE_LABELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Filled from the draft with",
        help_text="In this order. Untick all for a field that only you fill in.",
    )
    help = TidyField(max_length=MAX_HELP, required=False, label="Help below the label")
    placeholder = TidyField(max_length=MAX_PLACEHOLDER, required=False, label="Example shown while it is empty")
    id = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = self.fields["ai_mapping"]
        chosen = [source for source in self["ai_mapping"].value() or [] if source in SOURCE_LABELS]
        order = dict.fromkeys([*chosen, *SOURCE_LABELS])
        sources.choices = [(source, SOURCE_LABELS[source]) for source in order]  # type: ignore[attr-defined]

    @property
    def has_more(self) -> bool:
        """Whether something stands in the part that is folded otherwise."""
        names = ("ai_mapping", "help", "placeholder")
        return any(self[name].errors or (not self.is_bound and self[name].value()) for name in names)


class TemplateBuilder:
    """All forms of a template. A step that changes the outline reads what was typed and judges nothing."""

    def __init__(self, tokens: Sequence[str], data: QueryDict | None, initial: Mapping[str, Data]) -> None:
        self.outline = Outline(tokens)
        self.focus = ""
        self._data, self._initial = data, initial
        self._make_forms()

    def _make_forms(self) -> None:
        self.head = HeadForm(self._data, initial=self._initial.get("head"), auto_id="id_%s")
        makers: dict[str, type[forms.Form]] = {SECTION: SectionForm, FIELD: FieldForm}
        self.parts = {
            token: makers[token[0]](self._data, initial=self._initial.get(token), prefix=token)
            for token in self.outline.tokens
        }

    @classmethod
    def of(cls, head: Data, definition: Data) -> Self:
        """The builder of a template as it is stored."""
        initial: dict[str, Data] = {"head": head}
        numbers = count(1)
        for at, section in enumerate(definition["sections"], start=1):
            initial[f"{SECTION}{at}"] = {"id": section["id"], "title": section["title"]}
            initial |= {f"{FIELD}{next(numbers)}": _stored(field) for field in section["fields"]}
        return cls(list(initial), None, initial)

    @classmethod
    def new(cls) -> Self:
        """The builder of a template that does not exist yet: one section with one field."""
        return cls([f"{SECTION}1", f"{FIELD}1"], None, {})

    @classmethod
    def sent(cls, data: QueryDict) -> Self:
        """What was typed, to be judged and saved."""
        return cls(data.getlist("outline"), data, {})

    def change(self, step: str) -> None:
        """Take one step; what was typed stays as it is, without errors."""
        self._initial = {"head": _raw(self.head)} | {token: _raw(form) for token, form in self.parts.items()}
        self._data = None
        self.focus = self.outline.change(step)
        self._make_forms()
        token, _, name = self.focus.removeprefix("id_").partition("-")
        if token in self.parts and name in self.parts[token].fields:
            self.parts[token].fields[name].widget.attrs["autofocus"] = True

    def replace(self, revision: int) -> None:
        """What was typed, as a change of what stands now."""
        self.change("")
        self.head.initial = {**self.head.initial, "revision": revision}

    def is_valid(self) -> bool:
        """Whether each form is, by itself."""
        return False not in [form.is_valid() for form in self.all_forms]

    @property
    def all_forms(self) -> list[forms.Form]:
        """The head's, and those of sections and fields in order."""
        return [self.head, *self.parts.values()]

    @property
    def is_refused(self) -> bool:
        """Whether an error is shown."""
        return any(form.is_bound and form.errors for form in self.all_forms)

    @property
    def definition(self) -> dict[str, Any]:
        """The definition of valid forms."""
        return self._assembled(lambda form: form.cleaned_data)

    @property
    def sketch(self) -> Definition | None:
        """As much of the definition as can be shown already; None if nothing can."""
        drawn = self._assembled(lambda form: _drawable(_shown(form)))
        try:
            return Definition.model_validate(drawn)
        except ValueError:
            return None

    def _assembled(self, read: Callable[[forms.Form], Data]) -> dict[str, Any]:
        sections, taken, names = [], set[str](), set[str]()
        for token, fields in self.outline.sections:
            given = read(self.parts[token])
            section = {"id": _new_id(given["title"], given["id"], names), "title": given["title"]}
            found = [_field(read(self.parts[field]), taken) for field in fields]
            sections.append(section | {"fields": found})
        return {"sections": sections}

    def add_errors(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show a service's errors at the fields that they are about."""
        for place, sentences in errors.items():
            form, name = self._place(place.removeprefix("definition."))
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)

    def _place(self, place: str) -> tuple[forms.Form, str]:
        found = PLACE.match(place)
        if not found:
            return self.head, place
        section, fields = self.outline.sections[int(found["section"])]
        token = fields[int(found["field"])] if found["field"] else section
        return self.parts[token], found["name"]


def _stored(field: Data) -> Data:
    """A field of a definition as its form shows it."""
    limits = {name: field[name] if field[name] is None else as_figure(field[name]) for name in ("minimum", "maximum")}
    return field | limits | {"options": "\n".join(field["options"])}


def _raw(form: forms.Form) -> dict[str, Any]:
    """What was typed into a bound form, as it can be shown again."""
    return {
        name: field.widget.value_from_datadict(form.data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _shown(form: forms.Form) -> dict[str, Any]:
    """What the form shows: what was typed, or what it began with."""
    return _raw(form) if form.is_bound else {name: form[name].value() for name in form.fields}


def _drawable(raw: Data) -> dict[str, Any]:
    """What can be drawn of values that nobody has judged."""
    shown: dict[str, Any] = {name: value or "" for name, value in raw.items()}
    for name, nothing in (("title", "(no heading yet)"), ("label", "(no label yet)")):
        if name in shown:
            shown[name] = shown[name].strip()[:MAX_LABEL] or nothing
    if "label" in shown:
        shown["type"] = shown["type"] if shown["type"] in FIELD_TYPE_LABELS else "textarea"
        shown |= {name: _number(shown[name]) for name in ("minimum", "maximum")}
        shown |= {"required": bool(shown["required"]), "ai_mapping": shown["ai_mapping"] or []}
    return shown


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _field(given: Data, taken: set[str]) -> dict[str, Any]:
    """A field as the definition holds it. What its type has no use for is left out: it is not shown either."""
    kind = given["type"]
    return {
        "id": _new_id(given["label"], given["id"], taken),
        "label": given["label"],
        "type": kind,
        "required": given["required"],
        "options": _lines(given["options"]) if kind in CHOICE_TYPES else [],
        "ai_mapping": _sources(kind, given["ai_mapping"]),
        "placeholder": given["placeholder"] if kind in PROSE_TYPES else "",
        "help": given["help"],
        "minimum": given["minimum"] if kind in NUMBER_TYPES else None,
        "maximum": given["maximum"] if kind in NUMBER_TYPES else None,
    }


def _sources(kind: str, chosen: Sequence[str]) -> list[str]:
    if kind in PROSE_TYPES:
        return list(chosen)
    return ["session_mood"] if kind in MOOD_TYPES and "session_mood" in chosen else []


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _new_id(words: str, given: str, taken: set[str]) -> str:
    """The given id, else one made from the words; never one that is taken, and `taken` from now on."""
    wanted = given if ID.fullmatch(given) else _id_from(words)
    numbered = (f"{wanted[:MAX_STEM]}_{number}" for number in count(2))
    name = next(name for name in chain([wanted], numbered) if name not in taken)
    taken.add(name)
    return name


def _id_from(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return stem[:MAX_STEM] if ID.fullmatch(stem[:MAX_STEM]) else f"part_{stem}"[:MAX_STEM].rstrip("_")
