"""Who holds a job, and who may take it away."""

from collections.abc import Callable

import pytest

from audit.states import InvalidTransition
from sessions_app.conftest import WHEN
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import ProcessingJob, TherapySession
from therapybridge.core.jobs import LeaseLost

pytestmark = pytest.mark.django_db(transaction=True)
Upload = Callable[..., TherapySession]
UseModels = Callable[..., Stub]


def test_what_another_worker_took_over_cannot_be_written(upload: Upload, use_models: UseModels) -> None:
    use_models()
    session = upload()
    slow = ProcessingJob.claim(session.job.pk)
    ProcessingJob.objects.update(lease_until=WHEN)
    owner = ProcessingJob.claim(session.job.pk)
    assert slow is not None
    assert owner is not None
    for act in (
        slow.renew,
        lambda: slow.advance("transcribe"),
        lambda: slow.postpone(0, "x"),
        lambda: slow.write(attempts=0),
    ):
        with pytest.raises(LeaseLost):
            act()
    owner.refresh_from_db()
    assert (owner.stage, owner.attempts) == ("check", 2)


def test_who_stops_a_job_needs_no_lease_and_takes_it_from_its_worker(upload: Upload, use_models: UseModels) -> None:
    use_models()
    job_id = upload().job.pk
    worker = ProcessingJob.claim(job_id)
    assert worker is not None
    ProcessingJob.objects.get(pk=job_id).stop("cancelled")
    with pytest.raises(LeaseLost):
        worker.advance("transcribe")
    job = ProcessingJob.objects.get(pk=job_id)
    assert (job.stage, job.failed_stage, job.token, job.lease_until) == ("failed", "check", None, None)
    assert job.last_error == "cancelled"


def test_who_stops_a_job_that_went_on_meanwhile_stops_nothing(upload: Upload, use_models: UseModels) -> None:
    use_models()
    job_id = upload().job.pk
    stale, worker = ProcessingJob.objects.get(pk=job_id), ProcessingJob.claim(job_id)
    assert worker is not None
    worker.advance("transcribe")
    with pytest.raises(InvalidTransition):
        stale.stop("cancelled")
    assert ProcessingJob.objects.get(pk=job_id).stage == "transcribe"


def test_a_job_has_one_owner_at_a_time(upload: Upload, use_models: UseModels) -> None:
    use_models()
    job_id = upload().job.pk
    assert ProcessingJob.claim(job_id) is not None
    assert ProcessingJob.claim(job_id) is None
