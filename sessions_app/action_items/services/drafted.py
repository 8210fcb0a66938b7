"""Action items as drafts list them. What a person has changed, or the patient was told of, outlives every draft."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from sessions_app.action_items.choices import Assignee
from sessions_app.models import ActionItem, Extraction, PatientSummary, Transcript
from sessions_app.notes.services.statements import mapped, reviewed, undecided, usable
from sessions_app.pipeline.drafting.draft import lines_about_risk, tasks_for_patient
from sessions_app.pipeline.quality import is_low
from sessions_app.pipeline.text.matching import fold

FIELD = "action_items"
SHORTEST = 3  # letters of a word that counts
SAME_WORDS = 0.5  # the share of the shorter task's words, for two that cite the same line
TOLD_WORDS = 0.7  # the share of a task's words, for a sentence from the same line that tells the patient of it
Statement = Mapping[str, Any]
_THERAPIST = re.compile(r"(the )?(therapist|clinician|counsell?or|psychologist|psychotherapist)\b")


def follow_draft(extraction: Extraction) -> None:
    """Bring the session's action items in line with its latest draft. Call it while the session is locked.

    A supported or kept statement adds one, unless it is there already, in these or in other words. One that nobody has
    touched goes with its support: its statement is to be checked or deleted, or its lines have changed. All others
    stay, but the patient reads none that a therapist deleted or that comes from a line about risk now.
    """
    notes, stated = reviewed(extraction).notes, mapped(extraction.notes, undecided)[FIELD]
    transcript = Transcript.objects.filter(session=extraction.session_id).first()
    tellable = _tellable(extraction, transcript)
    protected = lines_about_risk(extraction.notes, transcript.lines) if transcript else set()
    good = {statement["id"] for statement in usable(notes)[FIELD]}
    deleted = {statement["id"] for statement in stated} - {statement["id"] for statement in notes[FIELD]}
    held = list(ActionItem.objects.select_related("extraction").filter(session=extraction.session_id).order_by("id"))
    found = _match(held, stated, extraction)
    shared_at = _shared_at(extraction)
    for item in held:
        statement = found.get(item.pk)
        if statement and statement["id"] in good:
            _adopt(item, extraction, statement, tellable, shared_at)
        elif _may_go(item, extraction, is_stated=statement is not None):
            item.delete()
        elif (statement and statement["id"] in deleted) or not protected.isdisjoint(item.segments):
            item.is_for_patient = False
            item.save(update_fields=["is_for_patient"])
    known = {statement["id"] for statement in found.values()}
    for statement in stated:
        if statement["id"] in good - known:
            _add(extraction, statement, tellable)


def without_items(session_id: UUID, statements: Iterable[Statement]) -> list[Statement]:
    """The statements of a drafted text for the patient that no action item listed under it tells already."""
    items = list(ActionItem.objects.filter(session=session_id).tellable())
    return [statement for statement in statements if not any(_is_told_by(item, statement) for item in items)]


def _is_told_by(item: ActionItem, statement: Statement) -> bool:
    if set(item.segments).isdisjoint(statement["evidence"]["segments"]):
        return False
    words = _words(item.task)
    return len(words & _words(statement["text"])) >= TOLD_WORDS * max(1, len(words))


def may_be_shown(item: ActionItem) -> bool:
    """Whether nothing in the latest draft speaks against telling the patient: neither its lines, nor its deletion."""
    extraction = Extraction.objects.filter(session=item.session_id).first()
    transcript = Transcript.objects.filter(session=item.session_id).first()
    if extraction is None or transcript is None:
        return False
    stated = mapped(extraction.notes, undecided)[FIELD]
    left = {statement["id"] for statement in reviewed(extraction).notes[FIELD]}
    statement = _match([item], stated, extraction).get(item.pk)
    if statement and statement["id"] not in left:
        return False
    task = {"id": item.statement, "task": item.task, "evidence": {"segments": item.segments}}
    stored = {"risk_flags": extraction.notes["risk_flags"], FIELD: [task]}
    return bool(tasks_for_patient(stored, transcript.lines, has_low_quality=is_low(transcript.quality)))


def _match(items: Sequence[ActionItem], stated: Sequence[Statement], extraction: Extraction) -> dict[UUID, Statement]:
    """Which statement says what an item says, by the item's key: the one that it was matched with before, else one in
    the same words, else in many of them.
    """

    def is_known(item: ActionItem, statement: Statement) -> bool:
        return item.extraction_id == extraction.pk and item.statement == statement["id"]

    found: dict[UUID, Statement] = {}
    left = list(stated)
    for is_same in (is_known, _is_equal, _is_alike):
        for item in items:
            if item.pk in found:
                continue
            if statement := next((one for one in left if is_same(item, one)), None):
                found[item.pk] = statement
                left.remove(statement)
    return found


def _is_equal(item: ActionItem, statement: Statement) -> bool:
    return fold(item.task) == fold(statement["task"])


def _is_alike(item: ActionItem, statement: Statement) -> bool:
    if set(item.segments).isdisjoint(statement["evidence"]["segments"]):
        return False
    mine, theirs = _words(item.task), _words(statement["task"])
    return len(mine & theirs) >= SAME_WORDS * max(1, min(len(mine), len(theirs)))


def _words(task: str) -> set[str]:
    return {word for word in fold(task).split() if len(word) >= SHORTEST}


def _may_go(item: ActionItem, extraction: Extraction, *, is_stated: bool) -> bool:
    """Whether it has lost its support and nobody relies on it.

    An earlier draft of the very same lines supported it: that the present one leaves it out says nothing.
    """
    if item.told_at or not item.is_untouched:
        return False
    earlier = item.extraction if item.extraction_id != extraction.pk else None
    return is_stated or earlier is None or earlier.input_hash != extraction.input_hash


def _adopt(
    item: ActionItem, extraction: Extraction, statement: Statement, tellable: Set[str], shared_at: datetime | None
) -> None:
    """Its words stay as they were read. What was there when something was shared never becomes the patient's so."""
    was_there = item.told_at is not None or (shared_at is not None and item.created_at <= shared_at)
    item.extraction, item.statement = extraction, statement["id"]
    item.segments = statement["evidence"]["segments"]
    item.is_for_patient = statement["id"] in tellable and (item.is_for_patient or not was_there)
    item.save(update_fields=["extraction", "statement", "segments", "is_for_patient"])


def _add(extraction: Extraction, statement: Statement, tellable: Set[str]) -> None:
    ActionItem.objects.create(
        session_id=extraction.session_id,
        patient_id=extraction.session.patient_id,
        extraction=extraction,
        statement=statement["id"],
        segments=statement["evidence"]["segments"],
        task=statement["task"],
        details=statement.get("details") or None,
        assigned_to=Assignee.THERAPIST if _THERAPIST.match(fold(statement["task"])) else Assignee.PATIENT,
        is_for_patient=statement["id"] in tellable,
    )


def _tellable(extraction: Extraction, transcript: Transcript | None) -> Set[str]:
    """The ids of the statements that may be shown to the patient; none without the lines."""
    if transcript is None:
        return set()
    return tasks_for_patient(extraction.notes, transcript.lines, has_low_quality=is_low(transcript.quality))


def _shared_at(extraction: Extraction) -> datetime | None:
    times: Iterable[datetime | None] = PatientSummary.objects.filter(session=extraction.session_id).values_list(
        "approved_at", flat=True
    )
    return next(iter(times), None)
