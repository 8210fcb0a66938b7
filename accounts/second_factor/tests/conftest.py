"""App codes are valid for thirty seconds: a test must not run past their end."""

import pytest


@pytest.fixture(autouse=True)
def _codes_stay_valid(still_clock: None) -> None:
    """Freeze time in every test of this folder that does not move it."""
