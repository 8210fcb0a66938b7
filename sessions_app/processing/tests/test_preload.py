"""What a worker loads before it forks its processes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
DRAFTED = """
import sys
from types import SimpleNamespace
import django
django.setup()
from sessions_app.pipeline.drafting import draft
from sessions_app.pipeline.drafting.keyword_extractor import KeywordExtractor
from sessions_app.processing import tasks
from sessions_app.tests.talk import talk
from therapybridge.celery import app

app.amqp.queues.select(["work"])
tasks.preload(SimpleNamespace(app=app))
opened = []
sys.addaudithook(lambda event, details: opened.append(details[0]) if event == "open" else None)
draft.draft(KeywordExtractor(), talk(("therapist", "And work?"), ("patient", "I argued with my boss about the plan.")))
print(opened)
"""


def test_a_worker_has_read_all_that_a_draft_needs_before_the_first_one(tmp_path: Path) -> None:
    own = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "therapybridge.settings"}
    command = [sys.executable, "-c", DRAFTED]
    told = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
