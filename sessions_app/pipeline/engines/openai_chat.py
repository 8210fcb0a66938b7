"""Notes over the OpenAI API and compatible servers."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError

from sessions_app.pipeline.drafting.merging import merged
from sessions_app.pipeline.drafting.prompts import PROMPT_VERSION, messages, windows
from sessions_app.pipeline.drafting.schema import ExtractedNotes, SessionTexts, cited_lines, empty_notes, normalise
from sessions_app.pipeline.drafting.style import DEFAULT, Style
from sessions_app.pipeline.engines.base import EngineError, EngineSettings, NeedsSmaller, Permanent, Transient
from sessions_app.pipeline.engines.lenient import json_object, notes_from
from sessions_app.pipeline.engines.openai_client import client_for
from sessions_app.pipeline.engines.openai_errors import translated
from sessions_app.pipeline.types import BeforeCall, Draft, Quality, Segment, unasked

log = structlog.get_logger(__name__)
WINDOW_CHARS = 60_000  # about 15,000 tokens: an hour of conversation; of more, a model overlooks what is in the middle
HALVINGS = 2  # how often a window that is too long is cut in half
# Hardly any language has more characters to a token. A server that counts fewer tokens than that has cut the prompt.
MOST_CHARS_PER_TOKEN = 6.5
# Of a prompt that was cut, what fits: cautious for text of short words, and room for the answer.
SAFE_CHARS_PER_TOKEN = 2.0
FEWEST_CHARS = 1500


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    """The fields we use; validated because the client does not."""

    choices: list[_Choice]
    usage: dict[str, Any] | None = None


class PromptCut(NeedsSmaller):
    """The server has read only the end of the prompt; `room` is what it can read, in characters."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room


@dataclass
class Calls:
    """Of one draft: what is asked before each call, the tokens paid (also for unusable replies), the items dropped."""

    before: BeforeCall
    prompt: int = 0
    completion: int = 0
    unreadable: int = 0

    def add(self, usage: Mapping[str, Any] | None) -> None:
        """Add a response's usage; many servers send none, zeros or nulls."""
        self.prompt += tokens(usage, "prompt_tokens")
        self.completion += tokens(usage, "completion_tokens")


def tokens(usage: Mapping[str, Any] | None, name: str) -> int:
    """A count of a response's usage; 0 if the server does not tell."""
    counted = (usage or {}).get(name)
    return counted if isinstance(counted, int) and counted > 0 else 0


def ask(chosen: EngineSettings, prompt: Sequence[Mapping[str, str]], shape: type[BaseModel], calls: Calls) -> str:
    """The text of a model's answer to a prompt, in the shape of a strict schema if the server keeps to it.

    Raises EngineErrors; PromptCut if the server has not read all of the prompt.
    """
    calls.before()
    client = client_for(chosen.llm_base_url, chosen.llm_api_key, chosen.llm_timeout)
    given: Any = prompt
    with translated():
        reply = client.chat.completions.with_raw_response.parse(
            model=chosen.llm_model, messages=given, response_format=shape
        )
    try:
        # Not the client's own parser: one odd value would cost the whole answer.
        completion = _Completion.model_validate_json(reply.content)
    except ValidationError:  # also HTML, an empty body or broken JSON; its message would quote the response
        raise Transient("bad_reply") from None
    calls.add(completion.usage)
    text = _text(completion)
    _require_whole_prompt(prompt, tokens(completion.usage, "prompt_tokens"))
    return text


def _require_whole_prompt(prompt: Sequence[Mapping[str, str]], counted: int) -> None:
    """Only the last message counts: some servers do not count what they remember from the call before."""
    if counted and len(prompt[-1]["content"]) > MOST_CHARS_PER_TOKEN * counted:
        raise PromptCut(max(FEWEST_CHARS, round(SAFE_CHARS_PER_TOKEN * counted)))


def _text(completion: _Completion) -> str:
    if not completion.choices:
        raise Transient("bad_reply")
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        raise NeedsSmaller
    if choice.finish_reason == "content_filter":
        raise Permanent("content_filtered")
    if choice.message.refusal:
        raise Permanent("refused")
    if not choice.message.content:
        raise Transient("bad_reply")
    return choice.message.content


class ApiExtractor:
    """Notes over POST /chat/completions with a strict schema and no tools."""

    name = "openai"
    quality: Quality = "standard"
    prompt_version = PROMPT_VERSION

    def __init__(self, chosen: EngineSettings, style: Style = DEFAULT) -> None:
        self.model = chosen.llm_model
        self._chosen = chosen
        self._style = style

    def extract(
        self,
        segments: Sequence[Segment],
        *,
        protected: Set[int] = frozenset(),
        before_call: BeforeCall = unasked,
    ) -> Draft:
        """Draft notes; a transcript too long for the model is read in parts, and then its texts are written once."""
        calls = Calls(before_call)
        spoken = [segment for segment in segments if segment.text.strip()]
        drafts = [notes for part in windows(spoken, WINDOW_CHARS) for notes in self._drafts(part, calls, HALVINGS)]
        notes = normalise(merged(drafts)) if drafts else empty_notes()
        if len(drafts) > 1:
            notes = self._with_texts(notes, spoken, calls)
        return Draft(notes.model_dump(mode="json"), calls.prompt, calls.completion, calls.unreadable)

    def _drafts(self, part: Sequence[Segment], calls: Calls, halvings: int) -> Iterable[ExtractedNotes]:
        try:
            return [self._notes(part, calls)]
        except PromptCut as cut:
            smaller = windows(part, cut.room)
            if len(smaller) == 1:
                raise Permanent("too_long") from None
        except NeedsSmaller:
            if not halvings or len(part) == 1:
                raise Permanent("too_long") from None
            halvings -= 1
            smaller = [list(part[: len(part) // 2]), list(part[len(part) // 2 :])]
        return [notes for one in smaller for notes in self._drafts(one, calls, halvings)]

    def _with_texts(self, notes: ExtractedNotes, spoken: Sequence[Segment], calls: Calls) -> ExtractedNotes:
        """The notes of all parts with texts about the whole; if they cannot be had, with the texts of the parts."""
        cited = cited_lines(notes)
        lines = [segment for segment in spoken if segment.index in cited]
        if not lines or len(windows(lines, WINDOW_CHARS)) > 1:
            return notes
        try:
            answer = ask(self._chosen, messages(lines, self._style, is_excerpt=True), SessionTexts, calls)
            written = normalise(self._read(answer, calls))
        except EngineError as error:
            log.warning("texts_of_a_long_session_failed", code=error.code)
            return notes
        texts = {name: getattr(written, name) or getattr(notes, name) for name in SessionTexts.model_fields}
        return notes.model_copy(update=texts)

    def _notes(self, part: Sequence[Segment], calls: Calls) -> ExtractedNotes:
        return self._read(ask(self._chosen, messages(part, self._style), ExtractedNotes, calls), calls)

    def _read(self, answer: str, calls: Calls) -> ExtractedNotes:
        try:
            notes, dropped = notes_from(json_object(answer))
        except ValueError:
            raise Transient("bad_reply") from None
        calls.unreadable += dropped
        return notes
