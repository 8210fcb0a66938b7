"""What has failed is left alone for a moment, instead of letting everybody wait for it in turn."""

import time


class Pause:
    """Of one thing that this process asks: after a failure, one in `seconds` tries again, until it works."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._tried_at: float | None = None  # since it has been failing

    def may_try(self) -> bool:
        """Whether to ask now. Who may, says how it went."""
        if self._tried_at is None:
            return True
        now = time.monotonic()
        if now - self._tried_at < self._seconds:
            return False
        self._tried_at = now  # this one tries; the others do not wait for it
        return True

    def failed(self) -> None:
        """It did not work."""
        self._tried_at = time.monotonic()

    def worked(self) -> None:
        """It works, perhaps again."""
        self._tried_at = None
