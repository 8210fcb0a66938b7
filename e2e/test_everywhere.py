"""Every page of the access matrix, so that none can be left out: each in both themes and two widths.

The names are long, and the browser asks Django directly: neither server nor worker is needed. It takes minutes, so it
runs with `./dev e2e --all-looks`.
"""

from functools import partial

import pytest
from django.test import override_settings

from e2e.browser import CLIPPED, KEYBOARD, SETTLED, Watch, keep_screenshot
from e2e.everywhere import HOST, Desk, visits
from e2e.states import LONG
from therapybridge.tests.matrix import scenery
from therapybridge.tests.matrix.asking import Asker
from therapybridge.tests.matrix.conftest import PLAIN_FILES, QUICK
from therapybridge.tests.matrix.credentials import sign_in_all

pytestmark = pytest.mark.another_look
VISITS = visits()
WIDTHS, THEMES = (1440, 390), ("light", "dark")
# What a theme changes.
OF_COLOUR = ("color-contrast", "link-in-text-block")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("everywhere")


@pytest.fixture(scope="module")
def desk(django_db_modify_db_settings, django_db_blocker, folder, _static_root):
    """Answers from the scenery of the matrix, which is gone afterwards."""
    own = QUICK | {"STORAGE_DIR": folder, "STATIC_ROOT": _static_root, "STORAGES": PLAIN_FILES}
    with django_db_blocker.unblock(), override_settings(**own), Desk(partial(furnished, folder)) as answering:
        yield answering


def furnished(folder):
    """The scenery, in which everybody has a long name."""
    built = scenery.build(folder)
    for person in {*built.people.values(), built.rows["new_patient"]}:
        person.first_name, person.last_name = LONG.values()
        person.save()
    return Asker(built, sign_in_all(built))


@pytest.fixture(autouse=True)
def _as_in_the_scenery(settings, desk, folder, _own_folders):
    for name, value in {"STORAGE_DIR": folder, **QUICK}.items():
        setattr(settings, name, value)


@pytest.fixture
def watch(browser, desk):
    context = browser.new_context(base_url=HOST, reduced_motion="reduce")
    with desk.rewound():
        yield Watch(context.new_page(), HOST)
        context.close()


def looked_at(watch, name):
    """What is wrong in each width and theme, with one load of the page."""
    for width in WIDTHS:
        watch.page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            watch.page.emulate_media(color_scheme=theme)
            watch.page.evaluate(SETTLED)
            keep_screenshot(watch.page, f"{name}-{theme}-{width}")
            defects = watch.all_defects((), OF_COLOUR if theme == "dark" else ())
            found = [*defects, *watch.page.evaluate(CLIPPED)]
            yield from (f"{theme} {width}: {one}" for one in found)


@pytest.mark.parametrize("name", VISITS)
def test_every_page_is_accessible_in_every_look_with_long_names_and_by_keyboard(name, watch, desk):
    cell = VISITS[name]
    desk.serve(watch.page.context, cell.identity)
    if (path := desk.page_of(cell)) is None:
        return  # a part of a page, or a file
    watch.page.goto(path)
    assert watch.statuses[-1] == 200
    found = {*looked_at(watch, name.replace("/", "_")), *watch.page.evaluate(KEYBOARD)}
    assert not found, "\n".join(sorted(found))
