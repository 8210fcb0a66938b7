"""Transcribes chunks in parallel, stores each result, and joins them at the end."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.db.models.functions import Now

from sessions_app.choices import language_name
from sessions_app.models import ProcessingJob, Recording, Transcript, TranscriptPiece
from sessions_app.pipeline.audio import guard, splitter
from sessions_app.pipeline.audio.silence import without_invented
from sessions_app.pipeline.engines.base import NeedsSmaller, NeedsUtterances, Permanent
from sessions_app.pipeline.speakers import assign
from sessions_app.pipeline.speakers.resolve import resolve
from sessions_app.pipeline.types import AudioInfo, Piece, PieceText, RawSegment, Segment, Transcriber
from sessions_app.processing.access import require_permission
from sessions_app.processing.services.circuits import Gate
from therapybridge.core.heartbeat import Heartbeat
from therapybridge.core.jobs import LeaseLost
from therapybridge.core.reconnecting import patiently

SMALLEST_PIECE = 5.0  # seconds; chunks cannot be made smaller than this
CHECKED_EVERY = 0.5  # seconds between looks at the lease, so that a cancelled job does not keep its worker
FLAC = AudioInfo("flac", "audio/flac", "flac", 1, 16000, 0)


def transcribe_pieces(job: ProcessingJob, engine: Transcriber, heart: Heartbeat) -> None:
    """Send every remaining chunk to the engine, `engine.parallel` at a time; after an outage a single one first.

    Results are kept even if another chunk fails; the first failure is raised at the end.
    """
    gate = Gate(job)
    gate.enter()
    pieces = TranscriptPiece.objects.filter(session=job.session_id)
    while open_pieces := list(pieces.filter(done_at=None)):
        total = pieces.count()
        done = total - len(open_pieces)
        asked = open_pieces[:1] if gate.is_probe else open_pieces
        with _hearing(job, engine, heart, gate, asked) as futures:
            _collect(job, futures, heart, (done, total))


@contextmanager
def _hearing(
    job: ProcessingJob, engine: Transcriber, heart: Heartbeat, gate: Gate, rows: Iterable[TranscriptPiece]
) -> Iterator[dict[Future[None], TranscriptPiece]]:
    """Calls of the engine; after a failure nothing new is started, and those that run are awaited while the job lasts.

    A step of an engine cannot be interrupted: of a lost job it runs on, without a next one. Its result is not stored.
    """
    pool = ThreadPoolExecutor(engine.parallel, thread_name_prefix="piece")
    futures = {pool.submit(_hear, job, engine, heart, gate, row): row for row in rows}
    try:
        yield futures
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for _ in _ended(futures, heart):
            pass


def _ended(futures: Iterable[Future[None]], heart: Heartbeat) -> Iterator[Future[None]]:
    """Each call when it has ended; LeaseLost as soon as that is known, whatever still runs."""
    waiting = {future for future in futures if not future.cancelled()}
    while waiting:
        heart.check()
        ended, waiting = wait(waiting, timeout=CHECKED_EVERY, return_when=FIRST_COMPLETED)
        yield from ended


def _collect(
    job: ProcessingJob,
    futures: dict[Future[None], TranscriptPiece],
    heart: Heartbeat,
    count: tuple[int, int],
) -> None:
    done, total = count
    for future in _ended(futures, heart):
        try:
            future.result()
        except NeedsUtterances:
            # Small enough already: the next round knows the model's capability and sends it unchanged.
            if not futures[future].is_utterance:
                _split_again(job, futures[future], utterances=True)
        except NeedsSmaller:
            _split_again(job, futures[future], utterances=futures[future].is_utterance)
        # Transcribed chunks are progress: the limit on attempts is for jobs that make none.
        job.attempts = 1
        done += 1
        heart.report(done / total, at_once=True)


def _hear(job: ProcessingJob, engine: Transcriber, heart: Heartbeat, gate: Gate, row: TranscriptPiece) -> None:
    try:
        heart.check()
        gate.check()
        if not row.is_utterance and not engine.capability().has_timestamps:
            raise NeedsUtterances
        require_permission(job)
        piece = _piece(row)
        transcribed = engine.transcribe(piece, before_call=heart.check)
        patiently(gate.answered)
        patiently(partial(_keep, job, row, without_invented(transcribed, piece)))
    finally:
        connection.close()


def _piece(row: TranscriptPiece) -> Piece:
    return Piece(row.index, row.start, row.end, Path(settings.STORAGE_DIR) / row.path, row.speech)


def _keep(job: ProcessingJob, row: TranscriptPiece, transcribed: PieceText) -> None:
    """Store a checkpoint; only under the lease."""
    field = TranscriptPiece._meta.get_field("text")
    mine = TranscriptPiece.objects.filter(pk=row.pk, session__job__token=job.token)
    if not mine.update(text=field.seal(asdict(transcribed), row.pk), done_at=Now()):
        raise LeaseLost(job.pk)


def _split_again(job: ProcessingJob, row: TranscriptPiece, *, utterances: bool) -> None:
    """Replace a chunk by its utterances or by smaller parts; Permanent if it cannot be split further."""
    length = row.end - row.start
    becomes_utterances = utterances and not row.is_utterance
    limit = length + 1 if becomes_utterances else max(length / 2 + 0.5, SMALLEST_PIECE)
    path = Path(settings.STORAGE_DIR) / row.path
    parts = splitter.split(path, FLAC, path.with_suffix(""), max_seconds=limit, utterances=utterances).pieces
    if not becomes_utterances and max((part.end - part.start for part in parts), default=length) >= length:
        raise Permanent("rejected")
    if not parts:  # no separate utterances: send the chunk unchanged
        parts = [Piece(0, 0.0, length, path)]
    with job.session.locked():
        job.write(attempts=job.attempts)
        last = TranscriptPiece.objects.filter(session=job.session_id).aggregate(last=Max("index"))["last"]
        TranscriptPiece.objects.filter(pk=row.pk).delete()
        TranscriptPiece.objects.bulk_create(
            TranscriptPiece(
                session_id=job.session_id,
                index=last + part.index + 1,
                start=row.start + part.start,
                end=row.start + part.end,
                speech=part.speech,
                path=str(part.path.relative_to(settings.STORAGE_DIR)),
                is_utterance=utterances,
            )
            for part in parts
        )


@dataclass(frozen=True, slots=True)
class Assembled:
    """The unsaved transcript, and whether a person has to say who is speaking."""

    transcript: Transcript
    must_ask: bool


def assemble(job: ProcessingJob, engine: Transcriber, heart: Heartbeat) -> Assembled:
    """Build the transcript; raises the guard's DomainError if it is not a conversation, or LeaseLost."""
    rows = list(TranscriptPiece.objects.filter(session=job.session_id).order_by("start", "index"))
    recording = Recording.objects.get(session=job.session_id)
    texts = [_text(row) for row in rows]
    lines = [line for row, text in zip(rows, texts, strict=True) for line in _placed(row, text)]
    lines.sort(key=lambda line: line[0].start or 0.0)
    segments = [Segment(n, s.start, s.end, s.text, s.speaker, s.confidence) for n, (s, _) in enumerate(lines)]
    guard.after_transcript(segments, recording.speech_seconds)
    if language := engine.capability().only_language:
        guard.require_understood(segments, language_name(language))
    pieces = [_piece(row) for row in rows]
    labels = [label for _, label in lines]
    voiced = assign.with_voices(
        segments, labels, pieces=pieces, channel_balance=recording.channel_balance, before_piece=heart.check
    )
    resolved = resolve(voiced, job.session.people)
    transcript = Transcript(
        session_id=job.session_id,
        segments=[asdict(segment) for segment in resolved.segments],
        language=next((text.language for text in texts if text.language), ""),
        duration=recording.duration,
        engine=engine.name,
        model=engine.model,
        quality=engine.quality,
        speaker_source=resolved.source,
        warnings=_warnings(sum(text.invented for text in texts)),
        word_count=sum(len(segment.text.split()) for segment in segments),
    )
    return Assembled(transcript, resolved.must_ask)


def _warnings(invented: int) -> list[str]:
    if not invented:
        return []
    lines = "1 line was" if invented == 1 else f"{invented} lines were"
    return [f"{lines} left out because the speech engine wrote words where nobody spoke."]


def _text(row: TranscriptPiece) -> PieceText:
    stored = row.text or {"segments": [], "language": None}
    segments = [RawSegment(**raw) for raw in stored["segments"]]
    return PieceText(segments, stored["language"], stored.get("invented", 0))


def _placed(row: TranscriptPiece, transcribed: PieceText) -> Iterator[tuple[Segment, str | None]]:
    """Lines with times in the whole recording; a chunk without times is one line from its start to its end."""
    for raw in transcribed.segments:
        if text := raw.text.strip():
            start = row.start if raw.start is None else row.start + raw.start
            end = row.end if raw.end is None else row.start + raw.end
            yield (
                Segment(0, round(start, 3), round(min(end, row.end + 1), 3), text, "unknown", raw.confidence),
                raw.speaker,
            )
