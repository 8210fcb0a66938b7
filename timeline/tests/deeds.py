"""What people can do in a day, and what a patient should be told of it, in words written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

TEN_MINUTES, AN_HOUR, EACH_TIME = 10, 60, 0


@dataclass(frozen=True)
class Deed:
    """A request and its status; the patient is told nothing of it if it says nothing.

    What is said again of the same thing within `once_in` minutes is not counted again. {n} in the body is a number.
    """

    path: str
    said: str = ""
    once_in: int = TEN_MINUTES
    method: str = "get"
    status: int = 200
    span: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    thing: object = None

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


def refused(*paths: str, status: int = 404) -> list[Deed]:
    return [Deed(path, status=status) for path in paths]


def on_session(session: Any, note: Any, day: str) -> Iterator[Deed]:
    """What can be read of a session."""
    page, api = f"/sessions/{session.pk}", f"/api/v1/sessions/{session.pk}"
    opened = Deed(page, f"opened your session of {day}", thing=session.pk)
    heard = Deed(f"{page}/recording", f"listened to the recording of your session of {day}", AN_HOUR, thing=session.pk)
    yield from (opened, replace(opened, path=api), heard)
    yield replace(heard, span="bytes=1500-", status=206)
    yield replace(heard, path=f"{api}/recording", span="bytes=0-1", status=206)
    yield Deed(f"{page}/recording", method="head")
    yield Deed(f"{page}/recording", span="bytes=9999-", status=416)
    yield Deed(f"{page}/print", f"printed the draft note of your session of {day}", thing=session.pk)
    yield Deed(f"{api}/notes", f"read the draft note of your session of {day}", thing=session.pk)
    yield Deed(f"{api}/transcript", f"read the transcript of your session of {day}", thing=session.pk)
    read = Deed(f"/notes/{note.pk}", f"read the note of your session of {day}", thing=note.pk)
    yield from (read, replace(read, path=f"/api/v1{read.path}"))
    yield Deed(f"/notes/{note.pk}/print", f"printed the note of your session of {day}", thing=note.pk)
    earlier = f"read earlier versions of the note of your session of {day}"
    yield Deed(f"/api/v1/notes/{note.pk}/versions", earlier, thing=note.pk)


def on_record(patient: Any, running: Any) -> list[Deed]:
    """What can be read of a record beside its sessions, and what says nothing of one patient."""
    page, api = f"/patients/{patient.pk}", f"/api/v1/patients/{patient.pk}"
    details = Deed(f"{page}/details", "looked at your details", thing=patient.pk)
    consents = Deed(f"{page}/consent", "looked at your consents", thing=patient.pk)
    return [
        Deed(page, "opened your record"),
        *(details, replace(details, path=api)),
        *(consents, replace(consents, path=f"{api}/consents")),
        Deed(f"/api/v1/sessions?patient={patient.pk}", "looked at your list of sessions"),
        Deed(f"{api}/timeline", "read your timeline"),
        Deed(f"{api}/summaries", "looked at your summaries"),
        Deed(f"{api}/notes", "looked at your signed notes"),
        *[Deed(f"/sessions/{running.pk}/progress"), Deed(f"/api/v1/sessions/{running.pk}/progress")] * 4,
        *[Deed("/sessions"), Deed("/sessions?q=anna"), Deed("/today")],
        *[Deed("/patients"), Deed("/patients?q=anna"), Deed("/api/v1/patients?search=anna"), Deed("/notes")],
        *[Deed("/risk-reviews"), Deed("/api/v1/risk-reviews"), Deed("/help/drafts"), Deed("/account")],
    ]


def of_therapist(patient: Any, neighbour: Any, session: Any, day: str) -> list[Deed]:
    """What only those who treat the patient can do: change, account for, and read what is theirs alone."""
    page, api = f"/patients/{patient.pk}", f"/api/v1/patients/{patient.pk}"
    given = {"day": "2031-05-01", "recipient": "Court {n}", "what": "Dates", "basis": "court"}
    write = {"method": "post", "once_in": EACH_TIME}
    seen = Deed(f"{page}/access", "looked at who opened your record")
    received = Deed(f"{page}/disclosures", "looked at who received your record")
    entry = {"event_type": "note", "title": "Seen {n}", "event_date": "2031-05-01T10:00:00Z"}
    shared = {"text": "You kept a diary, page {n}."}
    return [
        Deed(api, "changed your details", EACH_TIME, "patch", body={"address": "{n} Quay"}),
        Deed(f"{api}/timeline", "added an entry to your timeline", status=201, body=entry, **write),
        Deed(f"{page}/disclosures", "recorded who received your record", status=302, body=given, **write),
        Deed(
            f"/api/v1/sessions/{session.pk}/approve-summary",
            f"shared the summary of your session of {day}",
            body=shared,
            thing=session.pk,
            **write,
        ),
        *(seen, replace(seen, path=f"{api}/access-log")),
        *(received, replace(received, path=f"{api}/disclosures")),
        Deed(f"{page}/disclosures.csv", "downloaded the list of who received your record"),
        *[Deed("/sessions/running")] * 4,
        *[Deed(f"{page}/private-notes"), Deed(f"{api}/private-notes")],
        *[Deed(f"/patients/{neighbour.pk}"), Deed(f"/api/v1/patients/{neighbour.pk}")],
        Deed(f"{api}/timeline", status=400, method="post", body={"title": ""}),
        *refused("/portal", "/portal/access", status=403),
    ]


def of_patient(patient: Any, session: Any) -> list[Deed]:
    """Their own reading is not told to them, what they ask for is; other people's pages are not theirs."""
    asked = {"kind": "correct", "details": "Please look at page {n}."}
    said = "made a request about your record"
    page, api = f"/patients/{patient.pk}", f"/api/v1/patients/{patient.pk}"
    own = ("/portal", "/portal/timeline", "/portal/summaries", "/portal/notes", "/portal/consents", "/portal/access")
    return [
        *[Deed(path) for path in (*own, "/portal/disclosures", "/portal/disclosures.csv", "/account/requests")],
        *[Deed(f"{api}/{name}") for name in ("access-log", "timeline", "summaries", "notes", "consents")],
        Deed("/account/requests", said, EACH_TIME, "post", 302, body=asked),
        Deed(f"{api}/access-requests", said, EACH_TIME, "post", 201, body=asked),
        *refused("/today", page, f"/sessions/{session.pk}", f"/sessions/{session.pk}/recording", status=403),
    ]


def of_staff(patient: Any, grant: Any) -> list[Deed]:
    """Administrators see emergencies and the trail, and no record."""
    return [
        Deed(f"/emergency/{grant.pk}/review", "looked at an emergency access to your record"),
        Deed("/emergency/reviews"),
        *[Deed("/admin/audit/auditevent/"), Deed("/admin/accounts/user/")],
        *refused(f"/api/v1/patients/{patient.pk}"),
        *refused(f"/patients/{patient.pk}", status=403),
    ]


def of_stranger(patient: Any, session: Any) -> list[Deed]:
    """A therapist of the clinic who treats somebody else is refused everything, and that is not told as an access."""
    return [
        *refused(f"/patients/{patient.pk}", f"/patients/{patient.pk}/details", f"/sessions/{session.pk}"),
        *refused(f"/sessions/{session.pk}/recording", f"/sessions/{session.pk}/print"),
        *refused(f"/api/v1/patients/{patient.pk}", f"/api/v1/sessions/{session.pk}"),
        *[Deed("/patients?q=anna"), Deed("/today")],
    ]
