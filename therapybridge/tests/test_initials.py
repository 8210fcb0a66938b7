"""Initials: one visible character of each name, whatever the script."""

import pytest
from django.template import Context, Template

from accounts.models import User
from therapybridge.core.initials import COLOURS, colour, initials


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Maya", "Reyes", "MR"),
        ("maya", "", "M"),
        ("Élodie", "d'Arc", "ÉD"),
        ("E\N{COMBINING ACUTE ACCENT}lodie", "", "É"),
        ("Ярослав", "жук", "ЯЖ"),
        ("小明", "王", "小王"),
        ("ภู", "", "ภู"),
        ("فاطمة", "", "ف"),
        ("(Test)", "'t Hooft", "TT"),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", "", "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"),
        ("👩🏽\N{ZERO WIDTH JOINER}🚀 Ana", "", "A"),
        ("👩🏽\N{ZERO WIDTH JOINER}🚀", "", "👩🏽\N{ZERO WIDTH JOINER}🚀"),
        ("🇩🇪🇫🇷", "", "🇩🇪"),
        ("ßen", "ŉa", "ßŉ"),
        ("…", "", "…"),
        ("", "", ""),
    ],
)
def test_initials_are_whole_characters(first, last, expected):
    assert initials(first, last) == expected


def test_a_person_keeps_their_colour_and_all_are_used():
    assert colour("a") == colour("a")
    assert {colour(number) for number in range(100)} == set(range(COLOURS))


def test_an_avatar_is_decoration_and_escapes_names():
    person = User(first_name="<b>", last_name="Ng")
    person.first_name = "<"
    shown = Template("{% avatar person %}").render(Context({"person": person}))
    assert shown == f'<span class="avatar avatar--{colour(person.pk)}" aria-hidden="true">&lt;N</span>'
