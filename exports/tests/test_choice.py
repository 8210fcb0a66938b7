"""What is private follows the chosen sessions and days, and is named where it is left out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports.choices import ExportKind, Extra
from exports.tests.collecting import collected
from exports.tests.everything import Scene, everything_about
from sessions_app.models import PrivateNote, TherapySession
from therapybridge.core.errors import InvalidInput
from timeline.models import TimelineEvent

pytestmark = pytest.mark.django_db
NOTES, PRIVATE = ExportKind.SESSION_NOTES, Extra.PSYCHOTHERAPY_NOTES


@pytest.fixture
def scene() -> Scene:
    return everything_about(0)


def notes_of(scene: Scene) -> list[PrivateNote]:
    first = TherapySession.objects.filter(patient=scene.patient, deleted_at=None).order_by("session_date").first()
    PrivateNote.objects.filter(patient=scene.patient).update(session=first)
    return list(PrivateNote.objects.filter(patient=scene.patient, author=scene.therapist, deleted_at=None))


def test_private_notes_are_those_of_the_chosen_sessions(scene):
    [note, *_] = notes_of(scene)
    other = TherapySession.objects.filter(patient=scene.patient, deleted_at=None).exclude(pk=note.session_id).first()
    here = collected(scene.therapist, scene.patient, NOTES, PRIVATE, sessions=(note.session_id,))
    assert note.pk in {one.id for one in here.private_notes}
    for extras in ((PRIVATE,), ()):
        away = collected(scene.therapist, scene.patient, NOTES, *extras, sessions=(other.pk,))
        assert (away.private_notes, away.withheld) == ([], [])


def test_private_notes_without_a_session_are_those_written_in_the_period(scene):
    [note, *_] = notes_of(scene)
    PrivateNote.objects.filter(pk=note.pk).update(session=None, created_at=timezone.now() - timedelta(days=100))
    written = PrivateNote.objects.get(pk=note.pk).created_at.date()
    near = {"start": written - timedelta(days=1), "end": written + timedelta(days=1)}
    far = {"start": written - timedelta(days=9), "end": written - timedelta(days=7)}
    found = [
        {one.id for one in collected(scene.therapist, scene.patient, NOTES, PRIVATE, **days).private_notes}
        for days in (near, far)
    ]
    assert [note.pk in ids for ids in found] == [True, False]


def test_a_treatment_summary_names_the_private_turning_points_that_it_leaves_out(scene):
    # What is derived is told where it comes from.
    TimelineEvent.objects.filter(patient=scene.patient, is_private=True).exclude(related_entity_id=None).delete()
    TimelineEvent.objects.filter(patient=scene.patient, is_private=True).update(importance="critical")
    kind = ExportKind.TREATMENT_SUMMARY
    without = collected(scene.therapist, scene.patient, kind)
    whole = collected(scene.therapist, scene.patient, kind, Extra.PRIVATE_EVENTS)
    assert len(whole.events) == len(without.events) + sum(one.count for one in without.withheld) > len(without.events)
    TimelineEvent.objects.filter(patient=scene.patient, is_private=True).update(importance="low")
    assert collected(scene.therapist, scene.patient, kind).withheld == []


def test_a_treatment_summary_has_no_period(scene):
    with pytest.raises(InvalidInput):
        collected(scene.therapist, scene.patient, ExportKind.TREATMENT_SUMMARY, start=timezone.now().date())
