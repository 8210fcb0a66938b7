"""Which goals a note serves. A link is no part of the note: a signed one keeps its content and its hash."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from audit.models import AuditEvent
from sessions_app.models import SessionNote
from therapybridge.core.dates import zoned
from therapybridge.core.errors import Conflict, InvalidInput, NotFound
from treatment.goals.models import Goal
from treatment.thread.audit_actions import NOTE_GOALS_SET
from treatment.thread.models import GoalLink, NoteWithoutGoal

MOST = 20  # goals of a note
MAX_REASON = 500  # characters


class NoteGoalsChanged(Conflict):
    """What was said of the note's goals is not what was read any more: who changed it, and when."""

    code = "edit_conflict"

    def __init__(self, note: SessionNote) -> None:
        made = AuditEvent.objects.filter(patient_id=note.patient_id, action=NOTE_GOALS_SET, target_id=note.pk)
        event = made.filter(outcome=AuditEvent.Outcome.OK).exclude(changed=[]).order_by("-id").first()
        person = User.objects.filter(pk=event.actor_id).first() if event and event.actor_id else None
        who, at = person.full_name if person else None, event.created_at if event else None
        self.extensions = {"change": {"by": who, "at": at}}
        when = f" on {zoned(at)}" if at else ""
        super().__init__(f"{who or 'Someone'} changed the goals of this note{when}, after you opened them.")


def version_of(note: SessionNote) -> str:
    """Tells two states of a note's goals apart, by the rows that say them: each change makes or removes some."""
    links = GoalLink.objects.filter(note=note).order_by("id").values_list("id", flat=True)
    without = NoteWithoutGoal.objects.filter(note=note).values_list("id", flat=True)
    digest = sha256(b"".join(pk.bytes for pk in (*links, *without))).digest()
    return str(int.from_bytes(digest[:8]))


def set_goals(
    note: SessionNote, *, version: str, access: RecordAccess, goals: Collection[UUID] = (), reason: str = ""
) -> None:
    """Say which goals the note serves, or why it serves none; neither takes back what was said. At any time, also
    once the note is signed.

    New ones are open goals of the patient's active plans; those that were linked stay, even if they have ended.
    InvalidInput for any other goal, and for both goals and a reason. NotFound if the note was deleted meanwhile,
    NoteGoalsChanged if somebody has said something else since `version` (`version_of`).
    """
    access.require_write(note.patient_id)
    wanted, written = set(goals), reason.replace("\r\n", "\n").strip()
    _require_one(wanted, written)
    with note.session.locked():
        if not SessionNote.objects.filter(pk=note.pk, deleted_at=None).exists():
            raise NotFound("This note does not exist.")
        held = set(GoalLink.objects.filter(note=note).values_list("goal", flat=True))
        if (wanted, written) != (held, reason_of(note)):
            _require_current(note, version)
        _require_offered(note, wanted - held)
        GoalLink.objects.filter(note=note, goal__in=held - wanted).delete()
        for goal in sorted(wanted - held):
            GoalLink.objects.create(note=note, goal_id=goal, patient=access.patient, linked_by=access.user)
        changed = ["goals"] if wanted != held else []
        changed += ["reason"] if _set_reason(note, written, access) else []
        record(NOTE_GOALS_SET, note, by=access, changed=changed, ids=sorted(wanted))


def reason_of(note: SessionNote) -> str:
    """Why it serves no goal; empty if nobody has said."""
    without: NoteWithoutGoal | None = NoteWithoutGoal.objects.filter(note=note).first()
    return without.reason if without else ""


def _require_one(wanted: Collection[UUID], written: str) -> None:
    if wanted and written:
        raise InvalidInput(errors={"reason": ["A reason is needed only for a note that serves no goal."]})
    if len(written) > MAX_REASON:
        raise InvalidInput(errors={"reason": [f"Use up to {MAX_REASON} characters."]})
    if len(wanted) > MOST:
        raise InvalidInput(errors={"goals": [f"A note serves up to {MOST} goals."]})


def _require_current(note: SessionNote, version: str) -> None:
    if version != version_of(note):
        raise NoteGoalsChanged(note)


def _require_offered(note: SessionNote, new: Collection[UUID]) -> None:
    offered = Goal.objects.filter(patient=note.patient_id).open().of_active_plans()
    if offered.filter(pk__in=new).count() != len(new):
        raise InvalidInput(errors={"goals": ["Choose open goals of this patient's active plan."]})


def _set_reason(note: SessionNote, written: str, access: RecordAccess) -> bool:
    """Whether it is another one than before."""
    if reason_of(note) == written:
        return False
    NoteWithoutGoal.objects.filter(note=note).delete()
    if written:
        NoteWithoutGoal.objects.create(note=note, patient=access.patient, reason=written, said_by=access.user)
    return True
