"""Who reads the trail."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model


@pytest.fixture
def administrator(clinic: Any) -> Any:
    """Of the clinic that `therapist` and `patient` belong to."""
    people: Any = get_user_model()._default_manager
    return people.create_user(
        "desk@example.org", "x" * 12, role="admin", first_name="A", clinic=clinic, is_verified=True
    )
