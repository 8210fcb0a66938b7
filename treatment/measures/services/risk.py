"""Answers about suicidal thoughts: each opens a risk review at once, also where the answers are not recorded."""

from django.urls import reverse

from accounts.care.access import RecordAccess, who_treats
from accounts.models import User
from sessions_app.risk.choices import Source, declare_source
from sessions_app.risk.services.opening import review_answer
from treatment.instruments import INSTRUMENTS, Answers, Instrument
from treatment.models import MeasureAssignment, MeasureResult


def _declare(instrument: Instrument, name: str, label: str, page: str) -> Source:
    item, questionnaire = instrument.risk_item, instrument.plain_name.lower()
    of_item = label.format(item=item, questionnaire=questionnaire)
    return declare_source(name.format(key=instrument.key, item=item), of_item, lambda pk: reverse(page, args=[pk]))


WITH_RISK_ITEM = [one for one in INSTRUMENTS.values() if one.risk_item is not None]
SOURCES = {
    one.key: _declare(one, "{key}.{item}", "Answer {item} of the {questionnaire}", "measures:detail")
    for one in WITH_RISK_ITEM
}
UNRECORDED = {
    one.key: _declare(
        one, "{key}.{item}.unrecorded", "Unrecorded answer {item} of the {questionnaire}", "measures:of_assignment"
    )
    for one in WITH_RISK_ITEM
}


def review_answers(result: MeasureResult, instrument: Instrument, answers: Answers) -> None:
    """Open a review if the item was answered with anything but "not at all". Call it while the patient is locked."""
    if not instrument.needs_attention(answers):
        return
    asked_by = result.assignment.assigned_by if result.assignment else None
    owner = who_treats(result.patient_id, first=(asked_by, result.entered_by))
    _review(SOURCES[instrument.key], result, instrument, answers, owner)


def review_unrecorded(access: RecordAccess, assignment: MeasureAssignment, answers: Answers) -> int | None:
    """The same for answers that were sent and are not recorded: the number of the item, if a therapist is told of it.

    The review is of the result that counts instead, else of the assignment. The same answer opens one review, and
    another one is added to it while that is unresolved. Nothing follows from the answers that are recorded already.
    """
    access.require_patient(assignment.patient_id)
    instrument = INSTRUMENTS[assignment.instrument]
    item = instrument.risk_item
    if item is None or answers.get(item) not in instrument.values or not instrument.needs_attention(answers):
        return None
    with access.patient.locked():
        rows = MeasureResult.objects.standing().filter(assignment=assignment)
        kept = rows.select_related("patient__clinic", "assignment__assigned_by", "entered_by").first()
        if kept is None:
            owner = who_treats(assignment.patient_id, first=(assignment.assigned_by,))
            _review(UNRECORDED[instrument.key], assignment, instrument, answers, owner)
        elif kept.outcome["answers"] == instrument.as_kept(answers):
            return None
        else:
            review_answers(kept, instrument, answers)
    return item


def _review(
    source: Source,
    row: MeasureResult | MeasureAssignment,
    instrument: Instrument,
    answers: Answers,
    owner: User | None,
) -> None:
    item = instrument.risk_item or 0
    labels = {option.value: option.label for option in instrument.options}
    review_answer(
        source,
        row.pk,
        row.taken_date if isinstance(row, MeasureResult) else row.patient.clinic_day,
        patient=row.patient,
        owner=owner,
        question=instrument.items[item - 1],
        answer=labels[answers[item] or 0],
    )
