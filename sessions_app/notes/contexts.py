"""Contexts of what stands in a draft."""

from collections.abc import Mapping
from typing import Any

from django.conf.locale import LANG_INFO

from sessions_app.choices import SPEAKERS, clock
from sessions_app.notes.models import Extraction
from sessions_app.pipeline.risk import LANGUAGES, UNDETERMINED

OPEN_PHRASES = 12  # of medium and high severity; the rest is folded
RISK_LABELS = {
    "self_harm": "Self-harm",
    "suicidal_ideation": "Suicidal thoughts",
    "harm_to_others": "Harm to others",
    "abuse": "Abuse",
    "crisis": "Crisis",
    "substance": "Substance use",
}


def risk_context(extraction: Extraction | None) -> dict[str, Any]:
    """The phrases to review, worst first; what is folded; and the languages in which nothing was looked for."""
    notes = extraction.notes if extraction else {}
    flags = [_flag(flag) for flag in notes.get("risk_flags", [])]
    grave = [flag for flag in flags if flag["severity"] != "low"]
    return {
        "risk_flags": flags,
        "risk_open": grave[:OPEN_PHRASES],
        "risk_more": grave[OPEN_PHRASES:],
        "risk_low": [flag for flag in flags if flag["severity"] == "low"],
        "risk_languages": [language_name(code) for code in LANGUAGES],
        "risk_not_looked_for": [language_name(code) for code in notes.get("risk_not_looked_for", [])],
    }


def language_name(code: str) -> str:
    """In English, else the code itself."""
    if code == UNDETERMINED:
        return "the language of this transcript, which was not recognised"
    return str(LANG_INFO.get(code, {}).get("name", code))


def _flag(flag: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **flag,
        "type_label": RISK_LABELS[flag["type"]],
        "quote": flag["evidence"]["quote"],
        "clock": clock(flag["start"]),
        "speaker_label": SPEAKERS[flag["speaker"]],
    }
