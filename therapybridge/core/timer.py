"""The scheduler of the timer, which keeps the times of its last runs in memory alone."""

from typing import Any

from celery.beat import Scheduler

from therapybridge.core import alive


class Timer(Scheduler):
    """Celery's, but for a clock that is put back: that one waits until the time at which it sent something last."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; returns the seconds until the next look."""
        self._follow_clock()
        alive.sign()
        return float(super().tick(*args, **kwargs))

    def _follow_clock(self) -> None:
        """Nothing was sent in the future: begin to wait anew."""
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None
