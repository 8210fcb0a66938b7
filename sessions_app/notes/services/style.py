"""How a therapist's drafts are written: read for every draft, changed by the therapist alone."""

import re
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import DRAFTING_STYLE_CHANGED
from sessions_app.models import DraftingStyle
from sessions_app.pipeline.drafting.style import DEFAULT, Style
from therapybridge.core.actor import Actor
from therapybridge.core.errors import InvalidInput
from therapybridge.core.text import written

MAX_WORDING = 500  # characters
SHORTEST_NAME = 3  # characters
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")  # noqa: RUF001 (an apostrophe of names)
_OPENING = re.compile(r"(?:^|[.!?:\n])\W*$")


def style_of(therapist_id: UUID | None) -> Style:
    """The therapist's style; the default without one, or for a session without a therapist."""
    stored = DraftingStyle.objects.filter(therapist=therapist_id).first()
    return stored.style if stored else DEFAULT


def change_style(*, modality: str, density: str, quotation: str, wording: str, by: Actor) -> DraftingStyle:
    """Store the style for later drafts; InvalidInput if its wording names one of the therapist's patients."""
    values = {"modality": modality, "density": density, "quotation": quotation, "wording": _checked(wording, by.user)}
    with transaction.atomic():
        stored, _ = DraftingStyle.objects.update_or_create(therapist=by.user, defaults=values)
        record(DRAFTING_STYLE_CHANGED, stored, by=by, changed=sorted(values))
    return stored


def _checked(wording: str, user: User) -> str:
    """The wording; what is in it goes into the prompts of all patients, so it may not name any of them."""
    text = written("wording", wording, MAX_WORDING, least=0)
    used = _names_in(text)
    people = User.objects.patients_visible_to(user).only("first_name", "last_name") if used else ()
    for patient in people:
        for name in (patient.first_name, patient.last_name):
            if len(name) >= SHORTEST_NAME and name.casefold() in used:
                told = f"{name} is the name of a patient. These wishes go into the prompts of all patients."
                raise InvalidInput(errors={"wording": [told]})
    return text


def _names_in(text: str) -> set[str]:
    """Capitalised words: within a sentence all, at its beginning only those after which another follows."""
    found = list(_WORD.finditer(text))
    names = set()
    for at, word in enumerate(found):
        after = found[at + 1][0] if at + 1 < len(found) else ""
        if word[0][0].isupper() and (not _OPENING.search(text[: word.start()]) or after[:1].isupper()):
            names.add(word[0].casefold().removesuffix("'s").removesuffix("’s"))  # noqa: RUF001
    return names
