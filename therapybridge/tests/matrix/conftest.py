"""The scenery of the matrix: built once, signed in once, and rolled back at the end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.test import override_settings

from therapybridge.tests.matrix import scenery
from therapybridge.tests.matrix.asking import Asker
from therapybridge.tests.matrix.credentials import sign_in_all
from therapybridge.tests.matrix.judging import Judge

LIMITLESS = dict.fromkeys(configured.LIMITS, "1000000/m")
# Counters are not what is tried here; they cost time at each of thousands of requests.
QUICK = {
    "CACHES": {
        "default": {"BACKEND": "therapybridge.core.backends.counting.CountingLocMemCache", "LOCATION": "matrix"}
    },
    "LIMITS": LIMITLESS,
    # Who signed in for the first cell has just proven who they are, however long the machine takes for all.
    "STEP_UP_SECONDS": 24 * 3600,
    "SESSION_IDLE_AFTER": dict.fromkeys(configured.SESSION_IDLE_AFTER, timedelta(days=1)),
    "MFA_REQUIRED": True,
}
PLAIN_FILES = {
    **configured.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="package")
def judge(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, _static_root: str
) -> Iterator[Judge]:
    """Sends cells and checks the responses."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    own = QUICK | {"STORAGE_DIR": folder, "STATIC_ROOT": _static_root, "STORAGES": PLAIN_FILES}
    with django_db_blocker.unblock(), override_settings(**own), transaction.atomic():
        built = scenery.build(folder)
        yield Judge(Asker(built, sign_in_all(built)))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _as_in_the_scenery(settings: Any, judge: Judge, _own_folders: None) -> None:
    for name, value in {"STORAGE_DIR": judge.asker.scenery.folder, **QUICK}.items():
        setattr(settings, name, value)
