"""How much more of the processor a longer input takes."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RUNS = 3  # others on the machine make a run longer, never shorter


def processor_seconds(work: Callable[..., Any], *given: Any) -> float:
    """CPU seconds of one call: the least of three."""
    with _without_collector():
        return min(_once(work, *given) for _ in range(RUNS))


def takes_less_than(seconds: float, work: Callable[..., Any], *given: Any) -> bool:
    """Whether the least of three calls does; the first that does is enough."""
    with _without_collector():
        return any(_once(work, *given) < seconds for _ in range(RUNS))


@contextmanager
def _without_collector() -> Iterator[None]:
    """The collector walks what other tests left."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _once(work: Callable[..., Any], *given: Any) -> float:
    began = time.process_time()
    work(*given)
    return time.process_time() - began
