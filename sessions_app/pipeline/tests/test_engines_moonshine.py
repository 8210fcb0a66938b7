"""The speech model on this machine, heard with real speech: the package's own recordings, and voices of espeak-ng."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from e2e import make_recording
from sessions_app.pipeline.audio.guard import require_understood
from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.splitter import read_flac, split
from sessions_app.pipeline.engines.base import ConfigurationError, EngineSettings, Permanent
from sessions_app.pipeline.engines.moonshine import MoonshineTranscriber, _packaged_model
from sessions_app.pipeline.engines.registry import transcriber
from sessions_app.pipeline.types import Piece, PieceText, RawSegment, Segment
from sessions_app.tests.audio_files import RATE, room, speech, write
from sessions_app.tests.tones import write_flac
from sessions_app.tests.word_error import word_error
from therapybridge.core.errors import Unprocessable

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]

TWO_CITIES = """
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness,
it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were
all going direct to Heaven, we were all going direct the other way -- in short, the period was so far like the present
period, that some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative
degree of comparison only.
"""  # Charles Dickens, 1859
OTHER_LANGUAGES = {
    "de": "Gestern war ich bei meinem Bruder. Wir haben lange über unseren Vater gesprochen, und am Ende hat er "
    "geweint. Ich wusste nicht, was ich sagen sollte. Danach bin ich zu Fuß nach Hause gegangen.",
    "es": "Ayer fui a ver a mi hermano. Hablamos mucho de nuestro padre y al final se puso a llorar. "
    "Yo no sabía qué decir. Después volví a casa caminando.",
    "fr": "Hier je suis allé chez mon frère. Nous avons longtemps parlé de notre père et à la fin il a pleuré. "
    "Je ne savais pas quoi dire. Ensuite je suis rentré à pied.",
}


def two_cities() -> Path:
    return _packaged_model().parent / "two_cities.wav"


def heard(path: Path, folder: Path) -> list[RawSegment]:
    """The whole way of a recording: probe, split, transcribe each chunk."""
    engine = MoonshineTranscriber(EngineSettings())
    pieces = split(path, probe(path, path.name), folder, max_seconds=25, utterances=True).pieces
    return [line for piece in pieces for line in engine.transcribe(piece).segments]


def text_of(lines: list[RawSegment]) -> str:
    return " ".join(line.text for line in lines)


def spoken(text: str, voice: str, path: Path) -> Path:
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(path), text], check=True)
    return path


def as_transcript(lines: list[RawSegment]) -> list[Segment]:
    return [Segment(n, line.start, line.end, line.text, "unknown", line.confidence) for n, line in enumerate(lines)]


def test_a_book_read_aloud_has_less_than_one_wrong_word_in_eight(tmp_path):
    lines = heard(two_cities(), tmp_path / "pieces")
    assert word_error(TWO_CITIES, text_of(lines)) <= 0.12
    require_understood(as_transcript(lines), "English")


def test_a_dialogue_of_two_voices_is_understood_and_no_line_mixes_them(tmp_path):
    tracks, turns = make_recording.record(6)
    make_recording.write_wav(tmp_path / "dialogue.wav", [sum(tracks.values())])
    path = tmp_path / "dialogue.wav"
    engine = MoonshineTranscriber(EngineSettings())
    pieces = split(path, probe(path, path.name), tmp_path / "pieces", max_seconds=25, utterances=True).pieces
    lines = [
        (piece.start + line.start, piece.start + line.end, line.text)
        for piece in pieces
        for line in engine.transcribe(piece).segments
    ]
    assert word_error(" ".join(turn["text"] for turn in turns), " ".join(text for *_, text in lines)) <= 0.25
    for start, end, _ in lines:
        voices = {turn["speaker"] for turn in turns if min(turn["end"], end) - max(turn["start"], start) > 0.4}
        assert len(voices) == 1


@pytest.fixture(scope="module")
def loud(tmp_path_factory):
    """A recording, and what is heard in it."""
    folder = tmp_path_factory.mktemp("loud")
    said = "I have been sleeping a little better since we last spoke, and work is easier."
    path = spoken(said, "en-gb", folder / "loud.wav")
    return path, text_of(heard(path, folder / "pieces"))


@pytest.mark.parametrize("decibels", [-30, -45, -50])
def test_a_quiet_recording_is_understood_as_well_as_a_loud_one(tmp_path, loud, decibels):
    recording, heard_in_it = loud
    with av.open(str(recording)) as source:
        resampler = av.AudioResampler("s16", "mono", RATE)
        samples = np.concatenate(
            [f.to_ndarray()[0] for frame in source.decode(audio=0) for f in resampler.resample(frame)]
        )
    quiet = write(tmp_path / "quiet.wav", [samples / 32768 * 10 ** (decibels / 20)])
    assert word_error(heard_in_it, text_of(heard(quiet, tmp_path / "pieces"))) <= 0.2


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_another_language_is_noticed(tmp_path, language):
    path = spoken(OTHER_LANGUAGES[language], language, tmp_path / "a.wav")
    with pytest.raises(Unprocessable, match="understands only English") as caught:
        require_understood(as_transcript(heard(path, tmp_path / "pieces")), "English")
    assert caught.value.code == "not_understood"


@pytest.mark.parametrize(
    "samples", [np.zeros(1), np.zeros(2 * RATE), room(10), room(10) * 20], ids=["one", "zeros", "room", "noise"]
)
def test_silence_and_noise_have_no_words(tmp_path, samples):
    write_flac(tmp_path / "piece.flac", (samples * 32767).astype(np.int16))
    engine = MoonshineTranscriber(EngineSettings())
    assert engine.transcribe(Piece(1, 0.0, samples.size / RATE, tmp_path / "piece.flac")) == PieceText([], "en")


def test_times_are_inside_the_chunk_and_in_order(tmp_path):
    path = spoken("How was your week? I went for a walk every morning. That is new.", "en-us", tmp_path / "a.wav")
    [piece] = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=25, utterances=True).pieces
    lines = MoonshineTranscriber(EngineSettings()).transcribe(piece).segments
    assert len(lines) >= 2
    assert [line.start for line in lines] == sorted(line.start for line in lines)
    assert all(0 <= line.start < line.end <= piece.end - piece.start + 0.01 for line in lines)


def test_a_damaged_chunk_is_rejected(tmp_path):
    (tmp_path / "piece.flac").write_bytes(b"not audio at all")
    with pytest.raises(Permanent):
        MoonshineTranscriber(EngineSettings()).transcribe(Piece(0, 0.0, 1.0, tmp_path / "piece.flac"))


@pytest.mark.parametrize("name", ["tiny-en", "whatever"])
def test_a_folder_without_a_model_is_a_matter_for_the_administrator(tmp_path, name):
    (tmp_path / name).mkdir()
    write_flac(tmp_path / "piece.flac", (speech(2) * 32767).astype(np.int16))
    engine = MoonshineTranscriber(EngineSettings(moonshine_model_dir=tmp_path / name))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        engine.transcribe(Piece(0, 0.0, 2.0, tmp_path / "piece.flac"))


def test_a_folder_with_a_model_is_used_and_named(tmp_path):
    (tmp_path / "tiny-en").symlink_to(_packaged_model())
    engine = transcriber(EngineSettings(moonshine_model_dir=tmp_path / "tiny-en"))
    path = spoken("How was your week?", "en-us", tmp_path / "a.wav")
    [piece] = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=25, utterances=True).pieces
    assert (engine.name, engine.model, engine.capability().only_language) == ("moonshine", "tiny-en", "en")
    assert text_of(engine.transcribe(piece).segments)


def test_other_threads_run_while_it_listens(tmp_path):
    """The lease of a job is renewed by a thread of the same process."""
    write_flac(tmp_path / "piece.flac", (speech(12) * 32767).astype(np.int16))
    piece = Piece(1, 0.0, 12.0, tmp_path / "piece.flac")
    engine = MoonshineTranscriber(EngineSettings())
    engine.transcribe(piece)  # loads the model
    done, beats = threading.Event(), []
    beating = threading.Thread(target=lambda: beats.extend(_beats(done)))
    beating.start()
    engine.transcribe(piece)
    done.set()
    beating.join()
    assert len(beats) > 10


def _beats(done: threading.Event) -> Iterator[int]:
    beat = 0
    while not done.wait(0.005):
        beat += 1
        yield beat


def test_a_job_that_ends_while_it_listens_does_not_listen_again(tmp_path):
    """A chunk is heard twice in seconds of CPU time, which the next job waits for."""
    write_flac(tmp_path / "piece.flac", (speech(3) * 32767).astype(np.int16))
    asked: list[int] = []

    def may_go_on() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise InterruptedError

    twice = Piece(0, 0.0, 3.0, tmp_path / "piece.flac")
    with pytest.raises(InterruptedError):
        MoonshineTranscriber(EngineSettings()).transcribe(twice, before_call=may_go_on)


def test_the_end_of_one_recording_is_not_heard_in_the_next(tmp_path):
    engine = MoonshineTranscriber(EngineSettings())
    path = spoken("I tried it twice before the meeting and my heart slowed down.", "en-gb", tmp_path / "a.wav")
    [piece] = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=25, utterances=True).pieces
    write_flac(tmp_path / "cut.flac", read_flac(piece.path)[: 2 * RATE])
    write_flac(tmp_path / "silence.flac", np.zeros(2 * RATE, np.int16))
    assert engine.transcribe(Piece(1, 0.0, 2.0, tmp_path / "cut.flac")).segments
    assert engine.transcribe(Piece(1, 0.0, 2.0, tmp_path / "silence.flac")).segments == []


WITHOUT_THE_PACKAGE = """
from importlib.machinery import PathFinder
found = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name.startswith("moonshine_voice") else found(name, *rest)
"""
ASKED = """
import django
django.setup()
from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.engines.base import ConfigurationError
try:
    registry.transcriber()
except ConfigurationError as error:
    print(error)
"""


def test_a_machine_without_the_package_runs_and_says_what_to_do(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_THE_PACKAGE)
    unset = dict.fromkeys(("OPENAI_API_KEY", "OPENAI_BASE_URL", "WHISPER_MODEL_DIR", "MOONSHINE_MODEL_DIR"), "")
    own = {"PYTHONPATH": str(tmp_path), "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "therapybridge.settings"}
    command = [sys.executable, "-c", ASKED]
    told = subprocess.run(command, cwd=ROOT, env=os.environ | unset | own, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("This installation has no speech engine. Add the session with a transcript")


FORKED = """
import os, signal, sys
from pathlib import Path
from sessions_app.pipeline.engines.registry import transcriber
from sessions_app.pipeline.engines.base import EngineSettings
from sessions_app.pipeline.types import Piece
engine = transcriber(EngineSettings())
engine.capability()
child = os.fork()
if child == 0:
    signal.alarm(60)
    os._exit(0 if engine.transcribe(Piece(1, 0.0, 3.0, Path(sys.argv[1]))).segments else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_the_forked_process_of_a_worker_can_use_it(tmp_path):
    path = spoken("How was your week?", "en-us", tmp_path / "a.wav")
    [piece] = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=25, utterances=True).pieces
    command = [sys.executable, "-c", FORKED, str(piece.path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "0\n"
