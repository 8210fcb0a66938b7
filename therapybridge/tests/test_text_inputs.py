"""Whatever people type is stored in one form; what cannot be seen has no place in names and addresses."""

import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from rest_framework import serializers

from accounts.care.services.emergency import NO_MATCH
from accounts.models import User
from therapybridge.core.api import serializers as api_fields
from therapybridge.core.pages import forms as form_fields
from therapybridge.core.text import INVISIBLE, same_address, tidy, tidy_address, tidy_lines
from therapybridge.tests.our_apps import OUR_APPS

TIDY_FORMS = (form_fields.TidyField, form_fields.LinesField, form_fields.AddressField, form_fields.ComposedField)
TIDY_API = (api_fields.TidyField, api_fields.TidyLinesField, api_fields.AddressField, api_fields.ComposedField)
# Passwords have their own forms; these name something, or are read by a parser that composes them.
EXACT = {
    "challenge",
    "content",
    "code",
    "credential",
    "digest",
    "id",
    "patient_id",
    "refresh_token",
    "secret",
    "sent_key",
    "time_zone",
    "token",
}
EXACT |= {"time_zone", "current_password", "new_password", "password", "transcript_text", "version", "voice"}
# Of the admin site, checked and composed by the model.
BY_THE_MODEL = {("StaffForm", "first_name"), ("StaffForm", "last_name")}
# They describe in the schema what is only shown, or read by a parser of its own.
DESCRIBED = {"sessions_app.notes.serializers.draft", "sessions_app.notes.serializers.definition"}


def every(base):
    """Its subclasses in this project, of any depth, other than those of tests."""
    for one in base.__subclasses__():
        app, *rooms = one.__module__.split(".")
        if app in OUR_APPS and "tests" not in rooms and one.__module__ not in DESCRIBED:
            yield one
        yield from every(one)


def test_every_field_for_text_brings_it_into_one_form():
    assert get_resolver().url_patterns  # which imports all of them
    typed = {
        (one.__name__, name)
        for one in every(forms.BaseForm)
        for name, field in getattr(one, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and not isinstance(field, TIDY_FORMS)
    } | {
        (one.__name__, name)
        for one in every(serializers.Serializer)
        for name, field in one._declared_fields.items()
        if isinstance(field, serializers.CharField) and not field.read_only and not isinstance(field, TIDY_API)
    }

    assert {(one, name) for one, name in typed if name not in EXACT} == BY_THE_MODEL


UNSEEN = {
    "zero width": "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff",
    "direction": "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "fillers": "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    "selectors": "\ufe00\ufe0e\ufe0f\U000e0100\U000e01ef",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "controls": "\u0000\u0007\u001b\u007f\u0085\u009f\u00ad\u180e\u206a\u2028\u2029\ue000\ufff9",
    "old formats": "\U0001d173\U000110bd\U00013430\u180b\u180c\u180d\u180f",
}
ONE_BY_ONE = [char for group in UNSEEN.values() for char in group]


@pytest.mark.parametrize("clean", [tidy, tidy_lines, tidy_address])
@pytest.mark.parametrize("char", ONE_BY_ONE, ids=ascii)
def test_nothing_invisible_is_taken_wherever_it_stands(char, clean):
    # At the end of a text, and alone, spaces of any kind are cut off; of several lines, breaks stay.
    texts = [f"lin{char}gast@ex.example", f"a{char}\u0301@ex.example"]
    for text in texts:
        if clean is tidy_lines and char in "\u0085\u2028\u2029":
            continue
        with pytest.raises(ValidationError, match=INVISIBLE):
            clean(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("LIN.Gast+Tag@EX.example", "lin.gast+tag@ex.example"),
        ("lin@B\u00dcCHER.Example", "lin@xn--bcher-kva.example"),
        ("lin@bu\u0308cher.example", "lin@xn--bcher-kva.example"),
        ("lin@XN--BCHER-KVA.example", "lin@xn--bcher-kva.example"),
        ("lin@fa\u00df.example", "lin@xn--fa-hia.example"),
        ("lin@\u03b2\u03cc\u03bb\u03bf\u03c2.example", "lin@xn--nxasmm1c.example"),
        ("lin@b\u00fccher\u3002example", "lin@xn--bcher-kva.example"),
        ("lin@\u4f8b\u5b50.\u4e2d\u56fd", "lin@xn--fsqu00a.xn--fiqs8s"),
        ("lin@\u0434\u043e\u043c.\u0440\u0444", "lin@xn--d1aqf.xn--p1ai"),
        ("lin@\u0dc1\u0dca\u200d\u0dbb\u0dd3.example", "lin@xn--10cl1a0b660p.example"),
        ("lin@ex\u0430mple.example", "lin@xn--exmple-4nf.example"),  # Cyrillic a: another domain, and seen to be one
    ],
)
def test_a_domain_has_one_form_and_another_domain_another(typed, stored):
    assert tidy_address(typed) == same_address(typed) == stored


@pytest.mark.parametrize(
    "domain", ["b\u200d\u00fccher.example", "-\u00fc.example", "\u00fc..example", "\u00fc" * 80 + ".example"]
)
def test_a_domain_that_cannot_be_is_refused(domain):
    with pytest.raises(ValidationError):
        tidy_address(f"lin@{domain}")


@pytest.mark.django_db
@pytest.mark.parametrize("char", [group[-1] for group in UNSEEN.values()], ids=ascii)
def test_pages_api_and_commands_refuse_it_in_names_and_addresses(api_for, client_for, therapist, char):
    person = {"first_name": "Ada", "last_name": "Byron", "email": "ada@ex.example", "clinic_name": "Here"}
    signs_up = person | {"time_zone": "UTC", "password": "a-long-first-phrase"}
    browser, device = client_for(therapist), api_for(therapist)
    for name in ("first_name", "last_name", "email", "clinic_name"):
        wrong = signs_up | {name: f"a{char}{signs_up[name]}"}
        assert device.post("/api/v1/auth/sign-up", wrong, format="json").json()["errors"] == {name: [INVISIBLE]}
    for name in ("first_name", "last_name"):
        answer = browser.post("/account", person | {name: f"a{char}b"})
        assert (answer.status_code, answer.context["form"].errors) == (422, {name: [INVISIBLE]})
        looked_up = {"first_name": "Ada", "last_name": "B", "date_of_birth": "1990-01-01", "reason": "medical"}
        asked = looked_up | {"justification": "The ward asks for the medication now.", name: f"a{char}b"}
        assert device.post("/api/v1/emergency-access", asked, format="json").json()["errors"] == {name: [INVISIBLE]}
        assert NO_MATCH not in browser.post("/emergency", asked | {"hours": 1}).content.decode()
    with pytest.raises(CommandError, match="cannot be seen"):
        call_command("createsuperuser", interactive=False, email=f"op{char}@ex.example", first_name="Op")
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "path"), [("NFC", "page"), ("NFD", "page"), ("NFC", "api"), ("NFD", "api")])
def test_free_text_is_stored_in_nfc(api_for, client_for, therapist, patient, form, path):
    text = unicodedata.normalize(form, "Ärger im Büro \N{FAMILY}\N{ZERO WIDTH JOINER}\N{HEAVY BLACK HEART}")
    if path == "api":
        answer = api_for(therapist).post("/api/v1/snippets", {"name": "Bu\u0308ro", "text": text}, format="json")
        assert (answer.status_code, answer.json()["name"]) == (201, "Büro")
        stored = answer.json()["text"]
    else:
        given = {"first_name": "Zoe\u0308", "last_name": "\u00a0Roth\u2003Ober ", "medical_history": text}
        assert client_for(therapist).post("/patients/new", given).status_code == 302
        made = User.objects.get(last_name="Roth Ober", first_name="Zoë")
        stored = made.profile.medical_history
    assert stored == unicodedata.normalize("NFC", text)
