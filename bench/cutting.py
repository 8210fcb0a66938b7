"""Decode a recording and cut it into pieces, and tell what that took: `python -m bench.cutting FILE`."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
django.setup()

from bench.figures import largest_memory  # noqa: E402
from sessions_app.pipeline.audio.probe import probe  # noqa: E402
from sessions_app.pipeline.audio.splitter import split  # noqa: E402


def cut(path: Path) -> dict[str, float]:
    """Seconds of CPU, and the largest memory of this process in MB."""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        split(path, probe(path, path.name), Path(folder), max_seconds=600, utterances=False)
    spent = time.process_time() - began
    return {"cpu": spent, "memory": largest_memory()}


if __name__ == "__main__":
    print(json.dumps(cut(Path(sys.argv[1]))))
