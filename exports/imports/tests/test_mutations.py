"""Two hundred files that are wrong in one way each: refused with a code, and nothing of them is kept."""

from collections import Counter

import pytest
from django.apps import apps

from accounts.models import ConsentEntry, User
from accounts.tests.factories import TherapistFactory
from exports.imports.services.inserting import require_valid
from exports.imports.services.reading import read_record
from exports.imports.services.refusals import ImportRefused
from exports.imports.services.taking import require_whole, take_in
from exports.imports.tests.elsewhere import as_file, exported_elsewhere
from exports.imports.tests.mutations import MUTATIONS, mutated
from sessions_app.models import TherapySession
from therapybridge.core.actor import Actor
from timeline.models import TimelineEvent
from treatment.models import Goal

NUMBER = 200
OURS = ("accounts", "sessions_app", "timeline", "treatment", "exports", "audit")


def rows() -> Counter:
    """How many there are of each model."""
    return Counter(
        {one.__name__: one._base_manager.count() for label in OURS for one in apps.get_app_config(label).get_models()}
    )


@pytest.mark.django_db
def test_every_wrong_file_is_refused_and_leaves_nothing():
    original, importer = as_file(exported_elsewhere()), TherapistFactory()
    before, codes, kept = rows(), Counter(), []
    for seed in range(NUMBER):
        name, data = mutated(original, seed)
        code = refusal_of(data, importer)
        codes[name, code] += 1
        if code is None:
            kept.append((seed, name))
        assert rows() == before, (seed, name)
    assert kept == []
    assert {name for name, _ in codes} >= {one.__name__ for one in MUTATIONS}
    assert {code for _, code in codes} >= {"not_json", "wrong_type", "foreign_id", "duplicate_id", "signature_broken"}


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (ConsentEntry, "status", "nonsense"),
        (TherapySession, "modality", "telepathy"),
        (TimelineEvent, "title", "x" * 201),
        (Goal, "progress", -1),
        (Goal, "wording", None),
        (TherapySession, "session_date", None),
    ],
)
def test_a_value_that_its_column_cannot_have_is_refused_before_the_database_sees_it(model, name, value):
    with pytest.raises(ImportRefused) as refused:
        require_valid(model._meta.get_field(name), value, model.__name__)
    assert (refused.value.code, refused.value.place) == ("invalid_value", f"{model.__name__}.{name}")


def refusal_of(data: bytes, importer: User) -> str | None:
    """The code, or None if it came in."""
    try:
        record = read_record(data)
        require_whole(record)
        take_in(record, by=Actor(user=importer))
    except ImportRefused as refused:
        return refused.code
    return None
