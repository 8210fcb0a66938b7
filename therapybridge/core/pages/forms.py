"""Running services from forms and buttons, and reporting the result."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import CharField, DateInput, DateTimeField, EmailField, Field, Form, MultipleHiddenInput, Textarea
from django.http import HttpRequest

from therapybridge.core.api.moments import day_in
from therapybridge.core.errors import Conflict, DomainError, Forbidden, InvalidInput, NotFound
from therapybridge.core.text import composed, tidy, tidy_address, tidy_lines

UNPROCESSABLE = 422
# What to say below a reason that a therapist gives: patients may ask for their record, so nobody should rely on more.
NOT_IN_PORTAL = "Not shown in the portal. It is part of the record."
DATE = DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
T = TypeVar("T")


class LinesField(CharField):
    """Text of several lines, each break one character: so the browser counts for `maxlength`, though it sends two."""

    widget = Textarea

    def to_python(self, value: Any) -> Any:
        """In NFC, with breaks as the browser shows them."""
        text = super().to_python(value)
        return composed(text.replace("\r\n", "\n")) if isinstance(text, str) else text


class ComposedField(CharField):
    """Free text of one line in NFC."""

    def to_python(self, value: Any) -> Any:
        """Accents that were typed apart join their letters."""
        text = super().to_python(value)
        return composed(text) if isinstance(text, str) else text


class MomentField(DateTimeField):
    """A point in time; a day alone is refused, which Django would take for its midnight."""

    def to_python(self, value: Any) -> Any:
        """An aware datetime."""
        if day_in(value):
            raise ValidationError("Add the time.", "invalid")
        return super().to_python(value)


class IdsField(Field):
    """The ids of what the page listed when it was read, at most `most`."""

    widget = MultipleHiddenInput

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> list[UUID]:
        """The ids."""
        given = value or []
        if len(given) > self.most:
            raise ValidationError("This form lists too much. Open the page again.", "too_many")
        try:
            return [UUID(one) for one in given]
        except ValueError as error:
            raise ValidationError("This form is damaged. Open the page again.", "invalid") from error


class TidyField(CharField):
    """A name, or another line about a person, in one form (`tidy`); what cannot be seen is refused."""

    def to_python(self, value: Any) -> Any:
        """In NFC, with single spaces."""
        text = super().to_python(value)
        return tidy(text) if text else text


class TidyLinesField(LinesField):
    """The same for several lines."""

    def to_python(self, value: Any) -> Any:
        """Each line in NFC, with single spaces."""
        text = super().to_python(value)
        return tidy_lines(text) if text else text


class AddressField(EmailField):
    """An e-mail address in the form that is stored (`tidy_address`)."""

    def to_python(self, value: Any) -> Any:
        """In lower case, the domain as mail servers know it."""
        text = super().to_python(value)
        return tidy_address(text) if text else text


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A service's return value. Always truthy, even if that is None."""

    result: T


def submit(
    form: Form,
    service: Callable[..., T],
    /,
    *args: Any,
    catch: tuple[type[DomainError], ...] = (InvalidInput, Conflict),
    **given: Any,
) -> Done[T] | None:
    """Run a service with a form's data; None if the form was not submitted, is invalid, or was refused.

    The service gets `args`, then the form's cleaned data and `given` as keyword arguments. DomainErrors of the types in
    `catch` appear in the form; all others propagate to an error page.
    """
    if not form.is_valid():
        return None
    try:
        return Done(service(*args, **form.cleaned_data, **given))
    except catch as error:
        _show_errors(form, error)
        return None


def perform(request: HttpRequest, done: str, service: Callable[..., object], /, *args: Any, **given: Any) -> None:
    """Run the service behind a button, and show `done` or the reason for its failure on the next page.

    Forbidden and NotFound propagate instead.
    """
    try:
        service(*args, **given)
    except (Forbidden, NotFound):
        raise
    except DomainError as error:
        told = chain.from_iterable((error.errors or {}).values())
        messages.error(request, " ".join(told) or error.detail)
    else:
        messages.success(request, done)


def require_complete(form: Form) -> dict[str, Any]:
    """What the fields behind a button say; InvalidInput for an error page, since there is no form to show errors in."""
    if not form.is_valid():
        raise InvalidInput("This form is incomplete. Open the page again.")
    return form.cleaned_data


def _show_errors(form: Form, error: DomainError) -> None:
    """Add a service's errors to the fields they belong to; only those of InvalidInput are written for people."""
    told = error.errors if isinstance(error, InvalidInput) else None
    for name, sentences in (told or {"": [_as_sentence(error.detail)]}).items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _as_sentence(text: str) -> str:
    """The title with a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def status_of(form: Form) -> int:
    """422 for a form with errors, so that scripts do not take it for a success."""
    return UNPROCESSABLE if form.is_bound and form.errors else 200
