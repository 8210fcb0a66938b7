"""Every Python process that has this folder on its path is as many seconds ahead as the file CLOCK_FILE says."""

import datetime
import os
import threading
from pathlib import Path

import time_machine

CLOCK = Path(os.environ["CLOCK_FILE"])
EVERY = 0.2  # seconds
travels: dict[int, time_machine.travel] = {}  # the one under way, also in a fork


def follow() -> None:
    """Set the clock whenever the file changes."""
    wait = threading.Event().wait
    while not wait(EVERY):
        ahead = int(CLOCK.read_text() or 0)
        if ahead not in travels:
            for travel in travels.values():
                travel.stop()
            travels.clear()
            there = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=ahead)
            travels[ahead] = time_machine.travel(there, tick=True)
            travels[ahead].start()


def watch() -> None:
    """Threads do not live on in forks."""
    threading.Thread(target=follow, name="clock", daemon=True).start()


os.register_at_fork(after_in_child=watch)
watch()
