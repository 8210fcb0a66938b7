"""Encryption in the database, field by field: none is forgotten, and no value can be decrypted in another row."""

from base64 import b64encode

import pytest
from django.apps import apps
from django.db import connection, models

from sessions_app.models import AmendmentRequest, ArchiveStep, NoteAddendum, NoteSignature, NoteVersion, RiskReview
from therapybridge.core.crypto import DecryptionError
from therapybridge.core.fields import EncryptedField, Sealed
from therapybridge.tests.our_apps import OUR_APPS
from therapybridge.tests.sealed_rows import MAKERS, Cast, sealed_fields, sealed_row

# Whoever adds a column with a person's words to it seals the column, and adds it here.
SEALED = {
    "accounts.accessrequest.answer": "access_request.answer",
    "accounts.accessrequest.details": "access_request.details",
    "accounts.breakglassgrant.justification": "break_glass.justification",
    "accounts.breakglassgrant.review_note": "break_glass.review_note",
    "accounts.consententry.signer_name": "consent.signer_name",
    "accounts.consententry.witness_name": "consent.witness_name",
    "accounts.disclosure.recipient": "disclosure.recipient",
    "accounts.disclosure.what": "disclosure.what",
    "accounts.disclosure.why": "disclosure.why",
    "accounts.idempotencyrecord.body": "idempotency.body",
    "accounts.invitation.email": "invitation.email",
    "accounts.outgoingmail.html": "mail.html",
    "accounts.outgoingmail.subject": "mail.subject",
    "accounts.outgoingmail.text": "mail.text",
    "accounts.outgoingmail.to": "mail.to",
    "exports.exportjob.file_key": "export.file_key",
    "exports.exportjob.purpose": "export.purpose",
    "exports.exportjob.recipient": "export.recipient",
    "exports.exportschedule.purpose": "export_schedule.purpose",
    "exports.exportschedule.recipient": "export_schedule.recipient",
    "exports.recordimport.file_key": "record_import.file_key",
    "exports.recordimport.source": "record_import.told",
    "accounts.patientprofile.address": "patient.address",
    "accounts.patientprofile.date_of_birth": "patient.date_of_birth",
    "accounts.patientprofile.email": "patient.email",
    "accounts.patientprofile.is_part_2": "patient.is_part_2",
    "accounts.patientprofile.emergency_contact": "patient.emergency_contact",
    "accounts.patientprofile.medical_history": "patient.medical_history",
    "accounts.patientprofile.phone": "patient.phone",
    "accounts.patientprofile.diagnosis": "patient.diagnosis",
    "accounts.patientprofile.medication": "patient.medication",
    "accounts.patientprofile.next_step": "patient.next_step",
    "accounts.patientprofile.pronouns": "patient.pronouns",
    "accounts.patientprofile.safety_plan": "patient.safety_plan",
    "accounts.patientprofile.tags": "patient.tags",
    "sessions_app.actionitem.details": "action_item.details",
    "sessions_app.actionitem.reason": "action_item.reason",
    "sessions_app.actionitem.task": "action_item.task",
    "sessions_app.actionitemclosing.reason": "action_item_closing.reason",
    "sessions_app.draftingstyle.wording": "drafting_style.wording",
    "sessions_app.amendmentrequest.answer": "amendment_request.answer",
    "sessions_app.amendmentrequest.extension_reason": "amendment_request.extension_reason",
    "sessions_app.amendmentrequest.statement": "amendment_request.statement",
    "sessions_app.amendmentrequest.text": "amendment_request.text",
    "sessions_app.archivestep.moved_by_name": "archive_step.moved_by_name",
    "sessions_app.archivestep.reason": "archive_step.reason",
    "sessions_app.extraction.notes": "extraction.notes",
    "sessions_app.noteaddendum.author_name": "note_addendum.author_name",
    "sessions_app.noteaddendum.reason": "note_addendum.reason",
    "sessions_app.noteaddendum.text": "note_addendum.text",
    "sessions_app.notesignature.signer_name": "note_signature.signer_name",
    "sessions_app.noteversion.content": "note_version.content",
    "sessions_app.notewithholding.reason": "note_withholding.reason",
    "sessions_app.patientsummary.text": "summary.text",
    "sessions_app.privatenote.text": "private_note.text",
    "sessions_app.riskreview.reason": "risk_review.reason",
    "sessions_app.riskreview.seen": "risk_review.seen",
    "sessions_app.sessionnote.content": "note.content",
    "sessions_app.sessionnote.deletion_reason": "note.deletion_reason",
    "sessions_app.textsnippet.name": "snippet.name",
    "sessions_app.textsnippet.text": "snippet.text",
    "sessions_app.transcript.segments": "transcript.segments",
    "sessions_app.transcriptpiece.text": "piece.text",
    "treatment.checkin.mood": "check_in.mood",
    "treatment.checkin.note": "check_in.note",
    "treatment.goal.measurement": "goal.measurement",
    "treatment.goal.plain_wording": "goal.plain_wording",
    "treatment.goal.reason": "goal.reason",
    "treatment.goal.smart": "goal.smart",
    "treatment.goal.wording": "goal.wording",
    "treatment.goalintervention.frequency": "goal_intervention.frequency",
    "treatment.goalintervention.notes": "goal_intervention.notes",
    "treatment.goalrating.note": "goal_rating.note",
    "treatment.goalrating.value": "goal_rating.value",
    "treatment.measureresult.outcome": "measure_result.outcome",
    "treatment.measureresult.withdrawal_reason": "measure_result.withdrawal_reason",
    "treatment.notewithoutgoal.reason": "note_without_goal.reason",
    "treatment.planmilestone.description": "plan_milestone.description",
    "treatment.planmilestone.notes": "plan_milestone.notes",
    "treatment.planreview.notes": "plan_review.notes",
    "treatment.planversion.content": "plan_version.content",
    "treatment.tracker.question": "tracker.question",
    "treatment.tracker.unit": "tracker.unit",
    "treatment.trackingentry.note": "tracking_entry.note",
    "treatment.trackingentry.value": "tracking_entry.value",
    "treatment.treatmentplan.codes": "treatment_plan.codes",
    "treatment.treatmentplan.diagnosis": "treatment_plan.diagnosis",
    "treatment.treatmentplan.problems": "treatment_plan.problems",
    "treatment.treatmentplan.reason": "treatment_plan.reason",
    "treatment.treatmentplan.title": "treatment_plan.title",
}
# Long text, JSON and addresses that are not sealed, each with its reason. People's names are short text, in the clear
# because lists are sorted and searched by them.
IN_THE_CLEAR = {
    "accounts.authsession.device",
    "accounts.clinic.name",
    "accounts.consententry.text",  # the practice's own words, the same for everybody
    "accounts.consentrequest.types",
    "accounts.consenttemplate.text",
    "accounts.idempotencyrecord.key",
    "accounts.idempotencyrecord.route",
    "accounts.user.email",  # found by at sign-in
    "accounts.user.first_name",
    "accounts.user.folded_name",
    "accounts.user.last_name",
    "accounts.user.sort_name",
    "accounts.user.password",  # a hash
    "exports.exportjob.counts",  # numbers
    "exports.exportjob.error_detail",  # one of our own sentences
    "exports.exportjob.parameters",  # ids, days and names of choices
    "exports.exportjob.path",
    "exports.exportlayout.letterhead",  # the practice's, the same for every patient
    "exports.exportlayout.name",
    "exports.exportlayout.parts",
    "exports.exportschedule.parameters",
    "exports.recordimport.conflicts",  # kinds of rows, numbers and ids
    "exports.recordimport.counts",
    "exports.recordimport.error_detail",  # one of our own sentences, with a place in the format
    "exports.recordimport.path",
    "sessions_app.actionitem.segments",  # numbers
    "sessions_app.extraction.model",  # which engine it was
    "sessions_app.notetemplate.name",
    "sessions_app.notetemplate.description",  # a form, the same for every patient
    "sessions_app.templateversion.definition",
    "sessions_app.extraction.refused_reasons",  # codes and numbers
    "sessions_app.transcript.model",
    "sessions_app.recording.path",
    "sessions_app.recording.playable_path",
    "sessions_app.transcriptpiece.path",
    "sessions_app.therapysession.error_detail",  # one of our own sentences
    "timeline.timelineevent.title",  # searched in
    "sessions_app.processingjob.timings",  # numbers and codes
    "sessions_app.recording.channel_balance",
    "sessions_app.recording.peaks",
    "sessions_app.transcriptpiece.speech",
    "sessions_app.recording.warnings",
    "sessions_app.transcript.warnings",  # our own sentences, with counts
    "timeline.timelineevent.description",  # searched in
    "timeline.timelineevent.metadata",
    "treatment.intervention.aliases",  # a library, the same for every patient
    "treatment.intervention.description",
    "treatment.intervention.evidence_source",
    "treatment.intervention.name",
}
OURS = OUR_APPS - {"audit"}
FREE_TEXT = (models.TextField, models.JSONField, models.EmailField)
SHORT = 64  # characters; what is longer can hold a sentence about a person
FIELDS = sealed_fields()
# Triggers refuse to put another value in their rows at all: test_signed_notes.py, test_kept.py.
NEVER_REWRITTEN = {AmendmentRequest, ArchiveStep, NoteAddendum, NoteSignature, NoteVersion, RiskReview}


def label(field: models.Field) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def stored(field: EncryptedField, row: models.Model) -> bytes:
    rows: models.QuerySet = models.QuerySet(model=field.model)
    return bytes(rows.values_list(field.name, flat=True).get(pk=row.pk))


def is_free_text(field: models.Field) -> bool:
    """Whether people can write sentences into the column; text with choices is a code."""
    is_long = isinstance(field, models.CharField) and (field.max_length or 0) > SHORT and not field.choices
    return is_long or isinstance(field, FREE_TEXT)


@pytest.fixture
def other_ring(settings):
    """A ring with the same ids and other keys."""
    ids = [line.partition(":")[0] for line in settings.FIELD_ENCRYPTION_KEYS]
    settings.FIELD_ENCRYPTION_KEYS = [f"{one}:{b64encode(bytes(32)).decode()}" for one in ids]


def test_exactly_these_columns_are_sealed():
    assert {label(field): field.purpose for field in FIELDS} == SEALED


def test_no_two_columns_share_a_purpose():
    purposes = [field.purpose for field in FIELDS]
    assert len(set(purposes)) == len(purposes)


def test_every_other_column_for_long_text_is_known():
    ours = [one for one in apps.get_models() if one._meta.app_label in OURS]
    open_ones = {
        label(field)
        for model in ours
        for field in model._meta.local_fields
        if is_free_text(field) and not isinstance(field, EncryptedField)
    }
    assert open_ones == IN_THE_CLEAR, "Make it an EncryptedTextField, or name it in IN_THE_CLEAR with the reason."


def test_there_is_a_row_to_try_for_every_sealed_model():
    assert set(MAKERS) == {field.model for field in FIELDS}


@pytest.mark.django_db
@pytest.mark.parametrize("field", FIELDS, ids=label)
def test_the_database_holds_ciphertext_that_opens_in_its_row(field):
    row = sealed_row(field.model, Cast())
    value = getattr(row, field.name)
    blob = stored(field, row)
    assert blob.startswith(b"v1.")
    assert field.purpose.encode() not in blob
    again = models.QuerySet(model=field.model).get(pk=row.pk)
    assert getattr(again, field.name) == value


@pytest.mark.django_db
@pytest.mark.parametrize("field", [field for field in FIELDS if field.model not in NEVER_REWRITTEN], ids=label)
def test_a_value_moved_to_another_row_does_not_open(field):
    cast = Cast()
    mine, theirs = sealed_row(field.model, cast), sealed_row(field.model, cast)
    row, own = models.QuerySet(model=field.model).filter(pk=mine.pk), Sealed(stored(field, mine))
    row.update(**{field.name: Sealed(stored(field, theirs))})
    with pytest.raises(DecryptionError):
        getattr(row.get(), field.name)
    # Queued e-mails are read after every test.
    row.update(**{field.name: own})
    assert getattr(row.get(), field.name) == getattr(mine, field.name)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model._meta.label_lower)
def test_a_value_moved_to_another_column_of_its_row_does_not_open(model):
    fields = [field for field in FIELDS if field.model is model]
    row = sealed_row(model, Cast())
    for field, other in zip(fields, [*fields[1:], *fields[:1]], strict=True):
        if field is not other:
            with pytest.raises(DecryptionError):
                other.open(stored(field, row), row.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("field", FIELDS, ids=label)
def test_under_the_wrong_key_a_value_is_an_error_and_never_a_blank(field, request):
    row = sealed_row(field.model, Cast())
    request.getfixturevalue("other_ring")
    again = models.QuerySet(model=field.model).get(pk=row.pk)
    with pytest.raises(DecryptionError):
        getattr(again, field.name)


@pytest.mark.django_db
@pytest.mark.parametrize("field", FIELDS, ids=label)
def test_under_an_unknown_key_a_value_is_an_error_and_never_a_blank(field, settings):
    row = sealed_row(field.model, Cast())
    settings.FIELD_ENCRYPTION_KEYS = [f"another:{b64encode(bytes(32)).decode()}"]
    again = models.QuerySet(model=field.model).get(pk=row.pk)
    with pytest.raises(DecryptionError):
        getattr(again, field.name)


@pytest.mark.django_db
def test_a_column_is_bytes_in_the_database():
    kinds = {field.db_type(connection) for field in FIELDS}
    assert kinds == {"bytea" if connection.vendor == "postgresql" else "BLOB"}
