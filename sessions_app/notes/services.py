"""What of a draft may be used, decisions about its statements, and sharing the summary with the patient."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.audit_actions import STATEMENT_DELETED, STATEMENT_KEPT, SUMMARY_APPROVED
from sessions_app.models import Extraction, PatientSummary, StatementReview, TherapySession
from sessions_app.signals import summary_approved
from therapybridge.core.errors import Conflict, InvalidInput, NotFound

MAX_SUMMARY = 5000  # characters
EARLIER = "earlier"  # the reason of statements from before every statement had a state
Decision = StatementReview.Decision
Change = Callable[[str, dict[str, Any]], dict[str, Any] | None]
_RISK = "risk_"  # phrases to review, and what was not looked for: no statements
_ACTIONS = {Decision.KEPT: STATEMENT_KEPT, Decision.DELETED: STATEMENT_DELETED}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft with the decisions about it: each statement is `supported`, `check` or `kept`; deleted ones are gone."""

    notes: dict[str, Any]
    kept: int
    deleted: int
    to_check: int

    @property
    def is_earlier(self) -> bool:
        """Whether it was drafted before the present checks, so that nothing in it is supported."""
        return any(item["reason"] == EARLIER for _, item in statements(self.notes))


def reviewed(extraction: Extraction) -> Reviewed:
    """The draft with the decisions of therapists; a kept statement names who kept it and when."""
    decided = {review.statement: review for review in extraction.reviews.select_related("decided_by")}
    notes = _mapped(extraction.notes, lambda key, item: _decided(key, item, decided.get(key)))
    states = [item["state"] for _, item in statements(notes)]
    deleted = sum(review.decision == Decision.DELETED for review in decided.values())
    return Reviewed(notes, kept=states.count("kept"), deleted=deleted, to_check=states.count("check"))


def usable(notes: Mapping[str, Any]) -> dict[str, Any]:
    """The notes of `Reviewed` that may be passed on, to a printed page, the patient or anybody else."""
    return _mapped(notes, lambda key, item: item if item["state"] in {"supported", "kept"} else None)


def statements(notes: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Field and item of every statement; phrases to review are no statements."""
    for name, value in notes.items():
        if not name.startswith(_RISK):
            yield from ((name, item) for item in _items(value))


def decide_statement(
    session: TherapySession, statement: str, decision: str, version: int, *, access: RecordAccess
) -> StatementReview:
    """Keep or delete a statement to check of the draft `version`; Conflict if that is outdated or decided otherwise."""
    access.require_write(session.patient_id)
    with session.locked():
        extraction: Extraction | None = Extraction.objects.filter(session=session).first()
        if extraction is None or extraction.version != version:
            raise Conflict("The note has been redrafted since you read it.", code="draft_outdated")
        _require_to_check(extraction, statement)
        chosen = {"decision": decision, "decided_by": access.user}
        review, is_new = StatementReview.objects.get_or_create(
            extraction=extraction, statement=statement, defaults=chosen
        )
        if review.decision != decision:
            raise Conflict(f"This statement was already {review.decision}.", code="already_decided")
        if is_new:
            draft_summary(session.pk, extraction)
        record(_ACTIONS[Decision(decision)], review, by=access, changed=["decision"])
    return review


def draft_summary(session_id: UUID, extraction: Extraction) -> None:
    """Store the drafted text for the patient, unless a person has edited or approved one."""
    text = " ".join(item["text"] for item in usable(reviewed(extraction).notes)["patient_summary"]["statements"])
    summary = PatientSummary.objects.filter(session=session_id).first() or PatientSummary(session_id=session_id)
    if summary.approved_at is None and not summary.is_edited:
        summary.text = text
        summary.save()


def approve_summary(
    session: TherapySession, text: str | None, version: str | None = None, *, access: RecordAccess
) -> PatientSummary:
    """Share the summary with the patient, as drafted (text None) or with an edited text.

    `version` is the one that was read; Conflict if the summary has changed since.
    """
    access.require_write(session.patient_id)
    with session.locked():
        summary: PatientSummary | None = PatientSummary.objects.filter(session=session).first()
        if summary is None or session.processed_at is None:
            raise Conflict("There is no summary to approve yet.", code="no_summary")
        if version not in {None, summary.version}:
            raise Conflict("The summary has changed since you read it.", code="summary_changed")
        shared_text = (summary.text if text is None else text).replace("\r\n", "\n").strip()
        if not shared_text or len(shared_text) > MAX_SUMMARY:
            raise InvalidInput(errors={"text": [f"Write between 1 and {MAX_SUMMARY} characters."]})
        summary.is_edited = summary.is_edited or shared_text != summary.text
        summary.text, summary.approved_at, summary.approved_by = shared_text, timezone.now(), access.user
        summary.save()
        record(SUMMARY_APPROVED, summary, by=access, changed=["text"])
        transaction.on_commit(lambda: summary_approved.send_robust(TherapySession, session=session), robust=True)
    return summary


def _require_to_check(extraction: Extraction, statement: str) -> None:
    states = {item["id"]: item["state"] for _, item in statements(_mapped(extraction.notes, _undecided))}
    if statement not in states:
        raise NotFound("This draft has no such statement.", code="no_statement")
    if states[statement] != "check":
        raise Conflict("This statement is not one to check.", code="not_to_check")


def _undecided(key: str, item: dict[str, Any]) -> dict[str, Any]:
    """The item with id, state and reason, also if it is older than these."""
    return {"id": key, "state": "check", "reason": EARLIER} | item


def _decided(key: str, item: dict[str, Any], review: StatementReview | None) -> dict[str, Any] | None:
    plain = _undecided(key, item)
    if review is None:
        return plain
    if review.decision == Decision.DELETED:
        return None
    by = review.decided_by.full_name if review.decided_by else ""
    return plain | {"state": "kept", "kept_by": by, "kept_at": review.created_at}


def _mapped(notes: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """The notes with every statement changed, or left out where the change is None."""

    def of(name: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        changed = (change(item.get("id", f"{name}-{at}"), item) for at, item in enumerate(items))
        return [item for item in changed if item is not None]

    mapped: dict[str, Any] = {}
    for name, value in notes.items():
        if name.startswith(_RISK):
            mapped[name] = value
        elif isinstance(value, list):
            mapped[name] = of(name, value)
        elif value and "statements" in value:
            mapped[name] = {"statements": of(name, value["statements"])}
        else:
            mapped[name] = change(name, value) if value else None
    return mapped


def _items(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return value
    if value and "statements" in value:
        found: list[dict[str, Any]] = value["statements"]
        return found
    return [value] if value else []
