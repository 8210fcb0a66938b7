"""Forms and buttons that run a service."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage

from therapybridge.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from therapybridge.core.pages.forms import Done, perform, require_complete, status_of, submit


class NameForm(forms.Form):
    """One field."""

    name = forms.CharField()


def refuse(error):
    def service(*args, **given):
        raise error

    return service


def test_a_valid_form_runs_its_service_with_its_data():
    form = NameForm({"name": "Ada"})
    assert submit(form, lambda *args, **given: (args, given), 1, by="me") == Done(((1,), {"name": "Ada", "by": "me"}))
    assert status_of(form) == 200


def test_a_service_that_returns_nothing_was_done_all_the_same():
    assert submit(NameForm({"name": "Ada"}), lambda name: None)


@pytest.mark.parametrize(("data", "status"), [(None, 200), ({"name": ""}, 422)])
def test_a_form_that_was_not_sent_or_is_not_valid_runs_nothing(data, status):
    form = NameForm(data)
    assert submit(form, refuse(AssertionError)) is None
    assert status_of(form) == status


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InvalidInput(errors={"name": ["Taken."]}), {"name": ["Taken."]}),
        (InvalidInput(errors={"elsewhere": ["Wrong."]}), {"__all__": ["Wrong."]}),
        (Conflict("Missing: Recording.", errors={"consent": ["recording"]}), {"__all__": ["Missing: Recording."]}),
        (Conflict(), {"__all__": ["This is not possible in the current state."]}),
    ],
)
def test_a_refusal_stands_beside_its_field(error, told):
    form = NameForm({"name": "Ada"})
    assert submit(form, refuse(error)) is None
    assert (form.errors, status_of(form)) == (told, 422)


def test_other_refusals_go_on_unless_they_are_asked_for():
    with pytest.raises(NotFound):
        submit(NameForm({"name": "Ada"}), refuse(NotFound()))
    assert submit(NameForm({"name": "Ada"}), refuse(NotFound()), catch=(NotFound,)) is None


@pytest.fixture
def post(rf):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


@pytest.mark.parametrize(
    ("service", "told"),
    [
        (lambda **given: None, "Saved."),
        (refuse(Conflict("Gone already.")), "Gone already."),
        (refuse(InvalidInput(errors={"a": ["One."], "b": ["Two."]})), "One. Two."),
    ],
)
def test_a_button_tells_how_it_went(post, service, told):
    perform(post, "Saved.", service, request=post)
    assert [str(message) for message in get_messages(post)] == [told]


def test_a_button_that_is_not_ones_own_is_a_page_of_its_own(post):
    with pytest.raises(Forbidden):
        perform(post, "Saved.", refuse(Forbidden()))


def test_a_button_whose_fields_are_damaged_is_an_error_page():
    assert require_complete(NameForm({"name": "Ada"})) == {"name": "Ada"}
    with pytest.raises(InvalidInput, match="Open the page again"):
        require_complete(NameForm({}))
