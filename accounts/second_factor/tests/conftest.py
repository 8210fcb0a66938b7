"""Codes of an app last thirty seconds: a test must not run over the end of them."""

import pytest


@pytest.fixture(autouse=True)
def _codes_stay_valid(still_clock: None) -> None:
    """Time stands still in every test of this folder that does not move it."""
