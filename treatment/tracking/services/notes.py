"""Looking for possible risk in the notes of check-ins, in the worker: the lists take a second to compile."""

from django.urls import reverse
from django.utils import timezone

from accounts.care.access import who_treats
from sessions_app.risk.choices import declare_source
from sessions_app.risk.services.opening import review_written
from therapybridge.core.batches import each_alone
from treatment.models import CheckIn

BATCH = 100
SOURCE = declare_source("check-in", "Note of the check-in", lambda pk: reverse("check_in_of_review", args=[pk]))


def search_notes() -> int:
    """Search the notes that nobody has searched yet, the oldest first; returns how many opened a review.

    A note is searched and its review opened in one transaction: what a crash undoes is done again. RowsFailed, once all
    others were searched, if it failed for some.
    """
    waiting = CheckIn.objects.filter(searched_at=None).select_related("patient__clinic").order_by("id")[:BATCH]
    return each_alone(waiting, _search, event="check_in_not_searched")


def _search(check_in: CheckIn) -> bool:
    patient = check_in.patient
    with patient.locked():
        if not CheckIn.objects.filter(pk=check_in.pk, searched_at=None).update(searched_at=timezone.now()):
            return False  # searched by another worker
        if not check_in.note:
            return False
        given = {"patient": patient, "owner": who_treats(patient.pk), "text": check_in.note}
        return review_written(SOURCE, check_in.pk, check_in.day, **given) is not None
