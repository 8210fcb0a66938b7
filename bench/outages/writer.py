"""Somebody who uploads, edits notes and signs in all the time, and remembers what was acknowledged."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from therapybridge.tests.deployment import Deployment
from therapybridge.tests.test_crashes import recordings

THERAPIST = "therapist@demo.example"
PATIENCE = 30  # seconds
UNANSWERED = 0
PAUSES = {"upload": 2.0, "note": 0.4, "sign-in": 1.0}  # seconds between two
FIELD = "plan"


@dataclass
class Told:
    """What was acknowledged, and how each request was answered."""

    uploads: list[str] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)  # of the note, one after another
    tokens: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0

    @property
    def writes(self) -> int:
        """How many were acknowledged."""
        return len(self.uploads) + len(self.plans) + len(self.tokens)


class Writer:
    """Three threads, one for each kind of request; as a client does, each goes on whatever the answer was."""

    def __init__(self, installed: Deployment, patient: str, note: str, token: str) -> None:
        self.installed, self.patient, self.note = installed, patient, note
        self.told = Told()
        self.since = dict.fromkeys(PAUSES, 0.0)  # when each was acknowledged last
        self._sound = recordings(Path(installed.root), 1)[0]
        self._number, self._plan = 0, 0
        self._done = threading.Event()
        self._busy = {name: threading.Lock() for name in PAUSES}
        self._client = httpx.Client(
            base_url=f"{installed.base}/api/v1", timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"}
        )
        acts: dict[str, Callable[[], None]] = {"upload": self._upload, "note": self._edit, "sign-in": self._sign_in}
        self._threads = [threading.Thread(target=self._go_on, args=(name, act)) for name, act in acts.items()]

    def __enter__(self) -> "Writer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()
        self._client.close()

    def forget(self) -> Told:
        """Begin to count anew, once nothing is under way; returns what was counted."""
        with ExitStack() as still:
            for busy in self._busy.values():
                still.enter_context(busy)
            told, self.told = self.told, Told()
        return told

    def all_acknowledged_since(self, moment: float) -> bool:
        """Whether one of each kind was, after that."""
        return all(since > moment for since in self.since.values())

    def _go_on(self, name: str, act: Callable[[], None]) -> None:
        while not self._done.wait(PAUSES[name]):
            with self._busy[name]:
                act()

    def _asked(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        began, told = time.monotonic(), self.told
        try:
            answer = self._client.request(method, path, **more)
        except httpx.HTTPError:
            told.answers[UNANSWERED] += 1
            return None
        told.slowest = max(told.slowest, time.monotonic() - began)
        told.answers[answer.status_code] += 1
        return answer

    def _acknowledged(self, name: str) -> None:
        self.since[name] = time.monotonic()

    def _upload(self) -> None:
        """Another recording on another day: none is refused as a duplicate."""
        self._number += 1
        day = self._number % 28 + 1, self._number // 28 % 12 + 1, 2000 + self._number // 336
        form = {"patient": self.patient, "session_date": f"{day[2]}-{day[1]:02}-{day[0]:02}T10:00:00Z"}
        sound = self._sound + f"take {self._number}".encode()
        told = self.told
        answer = self._asked("POST", "/sessions/upload", data=form, files={"file": ("talk.flac", sound)})
        if answer is not None and answer.status_code == httpx.codes.ACCEPTED:
            told.uploads.append(answer.json()["id"])
            self._acknowledged("upload")

    def _edit(self) -> None:
        """As the page does: read the revision again if somebody, or a lost answer of ours, has changed it."""
        self._plan += 1
        plan, told = f"Plan {self._plan}", self.told
        read = self._asked("GET", f"/notes/{self.note}")
        if read is None or not read.is_success:
            return
        body = {"fields": {FIELD: plan}}
        answer = self._asked("PATCH", f"/notes/{self.note}", json=body, headers={"If-Match": read.headers["ETag"]})
        if answer is not None and answer.is_success:
            told.plans.append(plan)
            self._acknowledged("note")

    def _sign_in(self) -> None:
        person = {"email": THERAPIST, "password": self.installed.env["DEMO_PASSWORD"]}
        told = self.told
        answer = self._asked("POST", "/auth/login", json=person)
        if answer is not None and answer.is_success:
            token = answer.json()["access_token"]
            told.tokens.append(token)
            self._client.headers["Authorization"] = f"Bearer {token}"  # access tokens last half an hour
            self._acknowledged("sign-in")
