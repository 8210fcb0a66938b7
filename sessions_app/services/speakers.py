"""Who is speaking: what a person says about the voices of a transcript."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, replace

from accounts.care.access import RecordAccess
from accounts.consent.services.decisions import require_recording_consent
from audit.audit_actions import Action
from audit.log import record
from sessions_app.audit_actions import SPEAKERS_IDENTIFIED, SPEAKERS_SWAPPED, TRANSCRIPT_LINES_REASSIGNED
from sessions_app.choices import SpeakerSource
from sessions_app.models import NO_ERROR, Extraction, ProcessingJob, TherapySession, Transcript
from sessions_app.notes.services.locks import require_unlocked
from sessions_app.pipeline.speakers.resolve import voices_of
from sessions_app.pipeline.text.matching import printable, voice_key
from sessions_app.pipeline.types import Segment, Speaker
from sessions_app.processing.tasks import wake
from therapybridge.core.errors import Conflict, InvalidInput

Stage = ProcessingJob.Stage
Status = TherapySession.Status
MAX_LABEL = 80  # characters
_SWAPPED: dict[Speaker, Speaker] = {"therapist": "patient", "patient": "therapist"}
Change = Callable[[list[Segment]], Iterable[Segment]]


def identify_speakers(
    session: TherapySession,
    roles: Mapping[str, Speaker],
    names: Mapping[str, str] | None = None,
    *,
    access: RecordAccess,
) -> Transcript:
    """Give voices their role and, if `names` has one, another label; two voices with the same label become one.

    Both are by label. A session that waited for the answer goes on. InvalidInput for a label that is not there.
    """

    def changed(lines: list[Segment]) -> Iterable[Segment]:
        said = {voice_key(label): role for label, role in roles.items()}
        new = {voice_key(label): printable(name) for label, name in (names or {}).items()}
        _require_voices(lines, {*said, *new})
        merged = _roles_of_names(lines, said, new)
        for line in lines:
            label = new.get(voice_key(line.label)) or line.label
            yield replace(line, label=label, speaker=merged.get(voice_key(label), line.speaker))

    return _change(session, changed, SPEAKERS_IDENTIFIED, access)


def swap_speakers(session: TherapySession, *, access: RecordAccess) -> Transcript:
    """Swap therapist and patient in the whole transcript, the typical mistake of speaker assignment."""

    def changed(lines: list[Segment]) -> Iterable[Segment]:
        return [replace(line, speaker=_SWAPPED.get(line.speaker, line.speaker)) for line in lines]

    return _change(session, changed, SPEAKERS_SWAPPED, access)


def reassign_lines(
    session: TherapySession, lines: Collection[int], speaker: Speaker, *, access: RecordAccess
) -> Transcript:
    """Give single lines, by index, to another speaker."""
    chosen = set(lines)

    def changed(found: list[Segment]) -> Iterable[Segment]:
        if unknown := chosen - {line.index for line in found}:
            raise InvalidInput(errors={"lines": [f"There is no line {min(unknown)}."]})
        known = {line.label for line in found if line.speaker == speaker}
        label = known.pop() if len(known) == 1 else ""  # of several voices in that role, nobody said which
        for line in found:
            yield replace(line, speaker=speaker, label=label) if line.index in chosen else line

    return _change(session, changed, TRANSCRIPT_LINES_REASSIGNED, access)


def _require_voices(lines: Iterable[Segment], labels: set[str]) -> None:
    if labels - voices_of(list(lines)).keys():
        raise InvalidInput(errors={"voices": ["This transcript has no voice of that name."]})


def _roles_of_names(
    lines: Iterable[Segment], roles: Mapping[str, Speaker], names: Mapping[str, str]
) -> dict[str, Speaker]:
    """Roles by the new labels: the role that was said, else the one that the voice has."""
    found: dict[str, Speaker] = {}
    for line in lines:
        old = voice_key(line.label)
        new = voice_key(names.get(old) or line.label)
        if old in roles:
            found[new] = roles[old]
        elif old in names or new != old:
            found.setdefault(new, line.speaker)
    return found


def _change(session: TherapySession, changed: Change, action: Action, access: RecordAccess) -> Transcript:
    """Change the lines of a transcript under the lock; the note that waits for an answer is drafted then."""
    access.require_write(session.patient_id)
    with session.patient.locked(), session.locked():
        require_unlocked(session)
        transcript: Transcript | None = Transcript.objects.filter(session=session).first()
        if transcript is None:
            raise Conflict("There is no transcript yet.", code="no_transcript")
        transcript.segments = [asdict(line) for line in changed(transcript.lines)]
        transcript.speaker_source = SpeakerSource.PERSON
        transcript.save()
        record(action, transcript, by=access)
        _go_on(session, action, access)
    return transcript


def _go_on(session: TherapySession, action: Action, access: RecordAccess) -> None:
    """Draft the note that waited for the answer, or check the draft again; a worker on its way notices by itself."""
    job = ProcessingJob.objects.filter(session=session).first()
    if job and job.stage == Stage.SPEAKERS and action == SPEAKERS_IDENTIFIED:
        require_recording_consent(session.patient)
        job.restart(Stage.EXTRACT, requested_by=access.user)
        wake(job.pk)
    elif job and session.status == Status.PROCESSED and Extraction.objects.filter(session=session).exists():
        session.move_to(Status.EXTRACTING_NOTES, token=None, **NO_ERROR)
        job.restart(Stage.RECHECK, requested_by=access.user)
        wake(job.pk)
