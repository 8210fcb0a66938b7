"""A therapist's options, and a worker inside the test's process."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import access_for
from exports.jobs.models import ExportJob
from exports.jobs.services import making
from exports.jobs.services.requests import request_export

OPTIONS = {"kind": "full_record", "format": "json", "basis": "practice", "recipient": "The chart", "purpose": "Backup"}


@pytest.fixture
def ask(therapist: User, patient: User) -> Callable[..., ExportJob]:
    """Ask for an export as the therapist."""

    def asked(by: User | None = None, **changes: Any) -> ExportJob:
        return request_export(access_for(by or therapist, patient), **OPTIONS | changes)

    return asked


def work_off(job: ExportJob) -> ExportJob:
    """Make a due export like a worker, and return the row."""
    if claimed := ExportJob.claim(job.pk):
        making.run(claimed)
    return ExportJob.objects.select_related("patient__clinic", "clinic").get(pk=job.pk)


@pytest.fixture
def made(ask: Callable[..., ExportJob]) -> ExportJob:
    """An export that is ready."""
    return work_off(ask())


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Runs what waits for the commit, which never comes in a test's transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
