"""Transcripts as they are met in the wild, each beside what an importer must make of it.

`mismatches(case, lines)` says what an importer got wrong. All words were invented for these files.
"""

from sessions_app.pipeline.tests.corpora.wild.code_pages import CODE_PAGES
from sessions_app.pipeline.tests.corpora.wild.comparing import mismatches
from sessions_app.pipeline.tests.corpora.wild.json_rows import JSON_ROWS
from sessions_app.pipeline.tests.corpora.wild.json_services import JSON_SERVICES
from sessions_app.pipeline.tests.corpora.wild.json_tools import JSON_TOOLS
from sessions_app.pipeline.tests.corpora.wild.model import Line, Refused, WildTranscript
from sessions_app.pipeline.tests.corpora.wild.plain_text import PLAIN_TEXT
from sessions_app.pipeline.tests.corpora.wild.refused import REFUSED
from sessions_app.pipeline.tests.corpora.wild.stamped_text import STAMPED_TEXT
from sessions_app.pipeline.tests.corpora.wild.subtitle_voices import SUBTITLE_VOICES
from sessions_app.pipeline.tests.corpora.wild.subtitles import CUES
from sessions_app.pipeline.tests.corpora.wild.vtt import VTT

WILD: list[WildTranscript] = [
    *CUES,
    *SUBTITLE_VOICES,
    *VTT,
    *PLAIN_TEXT,
    *STAMPED_TEXT,
    *JSON_SERVICES,
    *JSON_TOOLS,
    *JSON_ROWS,
    *CODE_PAGES,
]

__all__ = ["REFUSED", "WILD", "Line", "Refused", "WildTranscript", "mismatches"]
