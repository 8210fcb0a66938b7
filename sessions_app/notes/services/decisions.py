"""Keeping or deleting the statements to check."""

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.action_items.services.drafted import follow_draft
from sessions_app.audit_actions import STATEMENT_DELETED, STATEMENT_KEPT
from sessions_app.models import Extraction, StatementReview, TherapySession
from sessions_app.notes.services.locks import require_unlocked
from sessions_app.notes.services.statements import mapped, statements, undecided
from sessions_app.notes.services.summaries import draft_summary
from therapybridge.core.errors import Conflict, NotFound

Decision = StatementReview.Decision
_ACTIONS = {Decision.KEPT: STATEMENT_KEPT, Decision.DELETED: STATEMENT_DELETED}


def decide_statement(
    session: TherapySession, statement: str, decision: str, version: int, *, access: RecordAccess
) -> StatementReview:
    """Keep or delete a statement to check of the draft `version`; Conflict if that is outdated or decided otherwise."""
    access.require_write(session.patient_id)
    with session.locked():
        require_unlocked(session)
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
            follow_draft(extraction)
            draft_summary(session.pk, extraction)
        record(_ACTIONS[Decision(decision)], review, by=access, changed=["decision"])
    return review


def _require_to_check(extraction: Extraction, statement: str) -> None:
    states = {item["id"]: item["state"] for _, item in statements(mapped(extraction.notes, undecided))}
    if statement not in states:
        raise NotFound("This draft has no such statement.", code="no_statement")
    if states[statement] != "check":
        raise Conflict("This statement is not one to check.", code="not_to_check")
