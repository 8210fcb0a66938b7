"""What pages with forms and buttons share: running a service, and telling the person how it went."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from therapybridge.core.errors import Conflict, DomainError, Forbidden, InvalidInput, NotFound

UNPROCESSABLE = 422
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a service returned. It is always true, also when that is None."""

    result: T


def submit(
    form: Form,
    service: Callable[..., T],
    /,
    *args: Any,
    catch: tuple[type[DomainError], ...] = (InvalidInput, Conflict),
    **given: Any,
) -> Done[T] | None:
    """Run a service with what a form holds; None for a form that was not sent, is not valid, or was refused.

    The form's cleaned data are keywords of the service, which follow `args` and stand beside `given`. Refusals of the
    types in `catch` appear in the form; every other one goes on, to a page of its own.
    """
    if not form.is_valid():
        return None
    try:
        return Done(service(*args, **form.cleaned_data, **given))
    except catch as error:
        _show_errors(form, error)
        return None


def perform(request: HttpRequest, done: str, service: Callable[..., object], /, *args: Any, **given: Any) -> None:
    """Run the service behind a button and tell, on the next page, that it is `done` or why not.

    What the person may not do or see at all is no message, and goes on.
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


def _show_errors(form: Form, error: DomainError) -> None:
    """Put a service's sentences beside the fields they are about."""
    for name, sentences in (error.errors or {"": [_as_sentence(error.detail)]}).items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _as_sentence(text: str) -> str:
    """With its full stop, which a title has not."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def status_of(form: Form) -> int:
    """422 for a form that came back with errors, so that no tool takes it for done."""
    return UNPROCESSABLE if form.is_bound and form.errors else 200
