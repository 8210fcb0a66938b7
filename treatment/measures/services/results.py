"""Filling in questionnaires: by therapists with their patients, and by patients themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from sessions_app.models import TherapySession
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput
from treatment.instruments import INSTRUMENTS, Answers, Instrument
from treatment.measures.audit_actions import MEASURE_TAKEN
from treatment.measures.choices import FilledBy
from treatment.measures.services.risk import review_answers
from treatment.models import FormLink, MeasureAssignment, MeasureResult
from treatment.patient_forms.access import require_reader
from treatment.patient_forms.services.links import end_links, use_up
from treatment.signals import measure_taken

EARLIEST_TAKEN = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in: answers by item, or the total of a questionnaire that is licensed to others.

    `sent_key` is made by the sender: what is sent twice with the same one counts once.
    """

    instrument: str
    answers: Answers = field(default_factory=dict)
    total: int | None = None
    taken_date: date | None = None  # a day of the clinic; today, if it is not given
    session: TherapySession | None = None
    sent_key: str = ""


def take_with_patient(access: RecordAccess, filled: Filled) -> MeasureResult:
    """Record what a therapist filled in with the patient; the open assignment of this questionnaire is completed."""
    access.require_write(access.patient.pk)
    if filled.session and filled.session.patient_id != access.patient.pk:
        raise InvalidInput(errors={"session": ["Choose a session of this patient."]})
    with access.patient.locked():
        rows = MeasureAssignment.objects.open().filter(patient=access.patient, instrument=filled.instrument)
        return _take(access, filled, FilledBy.THERAPIST, rows.select_related("assigned_by").first())


def answer_assignment(access: RecordAccess, assignment: MeasureAssignment, filled: Filled) -> MeasureResult:
    """Record the answers to an assigned questionnaire, by the patient or a therapist who treats them.

    Conflict (`measure_not_open`) if it was filled in or cancelled before, unless the same `sent_key` did that.
    NobodyTreats if the patient's answers would be read by nobody.
    """
    access.require_patient(assignment.patient_id)
    if not (access.is_own or access.may_write):
        raise Forbidden
    with access.patient.locked():
        who = FilledBy.PATIENT if access.is_own else FilledBy.THERAPIST
        return _take(access, filled, who, assignment)


def answer_by_link(access: RecordAccess, link: FormLink, assignment: MeasureAssignment, answers: Answers) -> bool:
    """Record what was sent through a link, and use it up; whether these answers count. Others came before, if not."""
    access.require_patient(link.patient_id)
    access.require_patient(assignment.patient_id)
    filled = Filled(assignment.instrument, answers, sent_key=_key_of(link))
    with access.patient.locked():
        if kept := _sent_before(access.patient, filled):
            return counts(kept, answers)
        use_up(link)
        _take(access, filled, FilledBy.PATIENT, assignment)
    return True


def sent_by(link: FormLink) -> MeasureResult | None:
    """The answers that have come through this link."""
    rows = MeasureResult.objects.filter(patient=link.patient_id, sent_key=_key_of(link))
    return rows.select_related("assignment__assigned_by", "entered_by").first()


def counts(kept: MeasureResult, answers: Answers) -> bool:
    """Whether these are the answers that a link has brought before, and that still count."""
    try:
        _same(kept, INSTRUMENTS[kept.instrument], Filled(kept.instrument, answers))
    except (Conflict, InvalidInput):
        return False
    return True


def _key_of(link: FormLink) -> str:
    return f"link:{link.pk}"


def _take(access: RecordAccess, filled: Filled, who: FilledBy, assignment: MeasureAssignment | None) -> MeasureResult:
    patient, instrument = access.patient, _instrument(filled.instrument)
    if earlier := _sent_before(patient, filled):
        return _same(earlier, instrument, filled)
    outcome = outcome_of(instrument, filled.answers, filled.total)
    if who == FilledBy.PATIENT:
        require_reader(patient)
    if assignment:
        _complete(assignment, access)
    result: MeasureResult = MeasureResult.objects.create(
        patient=patient,
        assignment=assignment,
        session=filled.session,
        instrument=instrument.key,
        instrument_version=instrument.version,
        taken_date=_day(patient, filled.taken_date),
        outcome=outcome,
        filled_by=who,
        entered_by=access.reader.user,
        sent_key=filled.sent_key,
    )
    record(MEASURE_TAKEN, result, by=access)
    review_answers(result, instrument, filled.answers)
    transaction.on_commit(partial(measure_taken.send_robust, MeasureResult, result=result), robust=True)
    return result


def _complete(assignment: MeasureAssignment, access: RecordAccess) -> None:
    assignment.refresh_from_db(fields=["status"])
    assignment.move_to(MeasureAssignment.Status.COMPLETED)
    end_links(access, FormLink.Purpose.MEASURE, [assignment.pk])


def _sent_before(patient: User, filled: Filled) -> MeasureResult | None:
    rows = MeasureResult.objects.filter(patient=patient, sent_key=filled.sent_key)
    return rows.first() if filled.sent_key else None


def _same(earlier: MeasureResult, instrument: Instrument, filled: Filled) -> MeasureResult:
    if earlier.withdrawn_at:
        raise Conflict("What was sent with this key was withdrawn. Send it with another one.", code="measure_withdrawn")
    outcome = outcome_of(instrument, filled.answers, filled.total)
    if earlier.instrument != instrument.key or earlier.outcome != outcome:
        raise Conflict("Other answers were sent with this key before.", code="sent_key_used")
    return earlier


def outcome_of(instrument: Instrument, answers: Answers, total: int | None) -> dict[str, Any]:
    """The score as it is kept; InvalidInput if the answers or the total cannot be of this questionnaire."""
    if instrument.is_entry_only:
        return _entered(instrument, answers, total)
    if total is not None:
        raise InvalidInput(errors={"total": ["Send the answers; the total follows from them."]})
    score = instrument.score(answers)
    return {
        "answers": instrument.as_kept(answers),
        "total": score.total,
        "band": score.band.name if score.band else None,
        "subscales": dict(score.subscales),
        "endorsed": list(score.endorsed),
        "prorated": score.prorated,
    }


def _entered(instrument: Instrument, answers: Mapping[int, int | None], total: int | None) -> dict[str, Any]:
    lowest, highest = instrument.range
    if answers:
        raise InvalidInput(errors={"answers": [f"Only the total of the {instrument.name} can be entered."]})
    if total is None or not lowest <= total <= highest:
        raise InvalidInput(errors={"total": [f"Enter the total, from {lowest} to {highest}."]})
    band = instrument.band_of(total)
    kept: dict[str, Any] = {"answers": {}, "subscales": {}, "endorsed": [], "prorated": False}
    return kept | {"total": total, "band": band.name if band else None}


def _instrument(key: str) -> Instrument:
    instrument = INSTRUMENTS.get(key)
    if instrument is None:
        raise InvalidInput(errors={"instrument": ["Choose a questionnaire."]})
    return instrument


def _day(patient: User, given: date | None) -> date:
    today = patient.clinic_day
    if given is not None and not EARLIEST_TAKEN <= given <= today:
        raise InvalidInput(errors={"taken_date": ["Use the day on which it was filled in, today at the latest."]})
    return given or today
