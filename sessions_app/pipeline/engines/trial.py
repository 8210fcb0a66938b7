"""Trying a language model with an invented conversation: does it answer, in our shape, and does it read to the end?"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from sessions_app.pipeline.drafting.draft import draft
from sessions_app.pipeline.drafting.prompts import messages, windows
from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.engines.base import ConfigurationError, EngineError, EngineSettings, NeedsSmaller
from sessions_app.pipeline.engines.openai_chat import WINDOW_CHARS, Calls, PromptCut, ask
from sessions_app.pipeline.engines.openai_client import client_for
from sessions_app.pipeline.engines.openai_errors import translated
from sessions_app.pipeline.types import Segment, unasked

# Nobody said this: a patient's words are never used to try a server.
SAID = (
    ("therapist", "How have you slept since we last met?"),
    ("patient", "Badly. I wake at four and lie there going through the budget meeting."),
    ("therapist", "And the breathing exercise that we practised?"),
    ("patient", "I did it on three evenings. It helped me to fall asleep, but not at four."),
    ("therapist", "Then please keep a sleep diary until next week, every morning, two lines."),
    ("patient", "Yes, I can do that. I am a bit proud that I went to the meeting at all."),
)
TALK = [Segment(at, None, None, text, who) for at, (who, text) in enumerate(SAID)]  # type: ignore[arg-type]
FEWEST_STATEMENTS = 3  # supported ones; six lines hold more
HOPELESS = frozenset({"connection", "engine_config", "quota"})
# For whoever can mend it.
PROBLEMS = {
    "engine_config": "The server refused: look at its address, the key and the name of the model.",
    "connection": "The server could not be reached. Does it run, and does this machine reach its address?",
    "timeout": "The server took longer than LLM_TIMEOUT allows. While a model is loading, try a second time.",
    "bad_reply": "The answer was no JSON in the shape that was asked for. Smaller models often cannot do this.",
    "rate_limited": "The server is too busy at the moment.",
    "quota": "The account has no credit left.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried: whether it went well, and what a person should know. Seconds on the clock."""

    name: str
    passed: bool
    told: str
    seconds: float


class _Reached(BaseModel):
    """A short answer to a long prompt."""

    model_config = ConfigDict(extra="forbid")

    last_line: int


def try_model(chosen: EngineSettings) -> list[Step]:
    """Try the configured model, one step after the other; it stops where nothing further can succeed.

    ConfigurationError if no model is configured.
    """
    if not registry.has_model(chosen):
        raise ConfigurationError
    tried: list[Step] = []
    for name, attempt in (("Connection", _connects), ("Draft", _drafts), ("Length", _reads_to_the_end)):
        step, is_hopeless = _timed(name, attempt, chosen)
        tried.append(step)
        if is_hopeless:
            break
    return tried


def _timed(
    name: str, attempt: Callable[[EngineSettings], tuple[bool, str]], chosen: EngineSettings
) -> tuple[Step, bool]:
    """The step, and whether the server does not even let us ask."""
    start, is_hopeless = time.monotonic(), False
    try:
        passed, told = attempt(chosen)
    except EngineError as error:
        is_hopeless = error.code in HOPELESS
        passed, told = False, PROBLEMS.get(error.code, f"The server did not do it ({error.code}).")
    return Step(name, passed, told, round(time.monotonic() - start, 1)), is_hopeless


def _connects(chosen: EngineSettings) -> tuple[bool, str]:
    client = client_for(chosen.llm_base_url, chosen.llm_api_key, chosen.llm_timeout)
    try:
        with translated():
            names = [model.id for model in client.models.list().data]
    except EngineError as error:
        if error.retriable:
            raise
        return True, "The server answers. It does not list its models, so the name was not checked."
    if chosen.llm_model in names:
        return True, f"The server answers and has {chosen.llm_model}."
    return False, f"The server answers, but lists no model of the name {chosen.llm_model}. It has {_some(names)}."


def _some(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(sorted(names)[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _drafts(chosen: EngineSettings) -> tuple[bool, str]:
    """A draft of the short conversation, judged as any other."""
    engine, verifier = registry.extractor(chosen), registry.verifier(chosen, unasked)
    judged = draft(engine, TALK, language="en", verifier=verifier)
    unreadable = judged.refused_reasons.get("unreadable", 0)
    found = judged.supported + judged.to_check + judged.refused
    told = (
        f"{judged.supported} of {found} statements are supported by the lines they cite, "
        f"{judged.to_check} are to check, {judged.refused} were refused."
    )
    if unreadable:
        told += f" {unreadable} items were in no readable shape."
    return judged.supported >= FEWEST_STATEMENTS and unreadable * 2 <= found, told


def _reads_to_the_end(chosen: EngineSettings) -> tuple[bool, str]:
    """Whether as much as is ever sent at once is read whole; a server that reads less gets smaller parts."""
    long_talk = _long_talk()
    prompt = messages(long_talk)
    prompt[0]["content"] = 'Answer with the number of the last line of the transcript as "last_line".'
    calls = Calls(unasked)
    try:
        ask(chosen, prompt, _Reached, calls)
    except PromptCut as cut:
        return False, (
            f"Of {WINDOW_CHARS:,} characters the server has cut the beginning off. Sessions are drafted in parts of "
            f"about {cut.room:,} characters; give the model a larger context for better drafts."
        )
    except NeedsSmaller:
        return False, (
            f"{WINDOW_CHARS:,} characters are too long for the server. Sessions are drafted in smaller parts; give the "
            "model a larger context for better drafts."
        )
    if not calls.prompt:
        return True, "The server does not tell how much it has read: a prompt that it cuts would go unnoticed."
    return (
        True,
        f"{WINDOW_CHARS:,} characters, about an hour of conversation, are read at once ({calls.prompt:,} tokens).",
    )


def _long_talk() -> list[Segment]:
    """The conversation over and over, as long as the longest part that is ever sent."""
    repeated = (TALK[at % len(TALK)] for at in range(WINDOW_CHARS // min(len(text) for _, text in SAID)))
    lines = [Segment(at, None, None, said.text, said.speaker) for at, said in enumerate(repeated)]
    return windows(lines, WINDOW_CHARS)[0]
