"""How much more of the processor a longer input takes."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RUNS = 3  # others on the machine make a run longer, never shorter
ATTEMPTS = 10
LEAST = 0.005  # seconds; shorter runs say nothing


def grows_less_than(times: float, work: Callable[[Any], Any], short: Any, long: Any) -> bool:
    """Whether `work` takes the long input less than so many times the processor that it takes the short one.

    Both are measured in the same moment, since a busy machine may be half as fast in the next; one attempt is enough.
    """
    with _without_collector():
        return any(
            _once(work, long) < times * max(LEAST, min(_once(work, short) for _ in range(RUNS)))
            for _ in range(ATTEMPTS)
        )


@contextmanager
def _without_collector() -> Iterator[None]:
    """The collector walks what other tests left."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _once(work: Callable[[Any], Any], given: Any) -> float:
    began = time.process_time()
    work(given)
    return time.process_time() - began
