"""How well and how fast the configured speech engine understands: `python -m bench.speech [FILE …]`.

Without files: the recording that the package of the built-in model ships, and two synthetic voices (espeak-ng). What
was said may lie beside a file, in a .txt of its name; then the word error is told.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
django.setup()

from e2e import make_recording  # noqa: E402
from sessions_app.pipeline.audio.probe import probe  # noqa: E402
from sessions_app.pipeline.audio.splitter import split  # noqa: E402
from sessions_app.pipeline.engines import registry  # noqa: E402
from sessions_app.pipeline.engines.moonshine import _packaged_model  # noqa: E402
from sessions_app.pipeline.tests.test_engines_moonshine import TWO_CITIES  # noqa: E402
from sessions_app.tests.word_error import word_error  # noqa: E402


def measure(path: Path, said: str) -> None:
    """Print word error, CPU time per second of audio, and the largest memory so far."""
    engine = registry.transcriber()
    capability = engine.capability()
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        info = probe(path, path.name)
        utterances = not capability.has_timestamps
        found = split(path, info, Path(folder), max_seconds=capability.max_seconds, utterances=utterances)
        text = " ".join(line.text for piece in found.pieces for line in engine.transcribe(piece).segments)
    spent = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    wrong = f"{word_error(said, text):.1%} of the words wrong" if said else text
    print(f"{path.name}: {found.duration:.0f} s, {engine.name} {engine.model}: {wrong}")
    print(f"  {spent:.1f} s of CPU ({spent / found.duration:.3f} of the length), {memory} MB at most")


def main() -> None:
    """Measure the given files, or what is there."""
    if files := [Path(name) for name in sys.argv[1:]]:
        for path in files:
            text = path.with_suffix(".txt")
            measure(path, text.read_text() if text.exists() else "")
        return
    measure(_packaged_model().parent / "two_cities.wav", TWO_CITIES)
    with tempfile.TemporaryDirectory() as folder:
        tracks, turns = make_recording.record(len(make_recording.DIALOGUE))
        make_recording.write_wav(Path(folder) / "dialogue.wav", [sum(tracks.values())])
        measure(Path(folder) / "dialogue.wav", " ".join(turn["text"] for turn in turns))


if __name__ == "__main__":
    main()
