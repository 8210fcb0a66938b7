"""A moment of the demonstration's story."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that somebody did at a moment of the story."""

    at: datetime
    act: Callable[[], Any]
