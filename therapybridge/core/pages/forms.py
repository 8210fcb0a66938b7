"""What pages with forms share: the status of an answer, and where a service's complaints go."""

from django.forms import Form

from therapybridge.core.errors import DomainError

UNPROCESSABLE = 422


def show_errors(form: Form, error: DomainError) -> None:
    """Put a service's sentences beside the fields they are about."""
    for name, sentences in (error.errors or {"": [error.detail]}).items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def status_of(form: Form) -> int:
    """422 for a form that came back with errors, so that no tool takes it for done."""
    return UNPROCESSABLE if form.is_bound and form.errors else 200
