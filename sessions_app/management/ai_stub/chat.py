"""The stub's POST /v1/chat/completions: notes built from the transcript in the prompt, and verdicts on statements."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sessions_app.management.ai_stub.replies import Reply, completion, error, fault

_LINE = re.compile(r"^\[(\d+)\] (\w+): (.+)$", re.MULTILINE)
_INSTRUCTION = re.compile(r"\b(ignore|disregard|forget)\b.*\b(rules?|instructions?|prompt)\b", re.IGNORECASE)
_RISK = re.compile(r"\b(die|dead|suicid\w*|kill\w*|hurt(ing)? myself|end it)\b", re.IGNORECASE)
_CONTEXT = re.compile(r"stub-context-(\d+)")
# How some models and servers dress up their answer.
WRAPPED: dict[str, Callable[[str], str]] = {
    "stub-fenced": lambda answer: f"```json\n{answer}\n```",
    "stub-chatty": lambda answer: f"Here are the notes {{as asked}}:\n\n```\n{answer}\n```\nLet me know!",
    "stub-thinks": lambda answer: f'<think>The schema has {{"key_topics": []}}. Hmm.</think>\n{answer}',
    "stub-thought": lambda answer: f"So I begin with {{}}.\n</think>\n\n{answer}",
}
_LIMIT = re.compile(r"stub-length-(\d+)")
SUBJECTS = {
    "Sleep": r"sle(ep|pt)|nightmare|awake",
    "Work": r"\b(work|boss|job|meeting|office)",
    "Anxiety": r"anxi|panic|worr|nervous|tense",
    "Family": r"\b(mother|father|sister|brother|family|parents?)\b",
    "Guilt": r"guilt|asham|fault",
    "Exercise": r"\b(walk|exercise|breath)",
    "Grief": r"grie[fv]|funeral|miss (him|her|them)",
}
MOST_WORDS = 25
VERDICTS = "Verdicts"  # the name of the schema that asks for a second pass
_STATEMENT = re.compile(r"^Statement (\d+): (.*)$", re.MULTILINE)


class Said(NamedTuple):
    """One numbered line of the prompt."""

    number: int
    speaker: str
    text: str


def chat(request: dict[str, Any]) -> Reply:
    """Return notes in the requested schema; the model's name selects honest, obedient or inventive."""
    model = str(request["model"])
    if "tools" in request or request.get("response_format", {}).get("type") != "json_schema":
        return error(400, "The stub requires a JSON schema and no tools.", "invalid_value", "response_format")
    prompt = prompt_text(request)
    if request["response_format"].get("json_schema", {}).get("name") == VERDICTS:
        return second_pass(model, prompt)
    lines = [Said(int(number), speaker, text.strip()) for number, speaker, text in _LINE.findall(prompt)]
    context = _CONTEXT.match(model)
    if context and len(prompt) // 4 > int(context[1]):
        kept = int(context[1]) * 4
        end = [line for line in lines if prompt.rindex(f"[{line.number}] ") > len(prompt) - kept]
        return completion(model, json.dumps(honest(end)), kept)
    limit = _LIMIT.match(model)
    if limit and len(lines) > int(limit[1]):
        return fault("length", audio=False) or error(500, "unreachable")
    if model == "stub-echo":
        return error(400, f"Cannot work on: {prompt}", "invalid_value", "messages")
    notes = honest(lines)
    if model == "stub-wrong-shape":
        notes["session_mood"] = {"value": lines[-1].text, "score": "very", "evidence": None}
    if model == "stub-careless":
        notes = careless(lines, notes)
    if model.startswith("stub-obedient"):
        notes = obedient(lines, notes)
    if model.startswith("stub-invents"):
        notes = inventive(lines, notes)
    return completion(model, WRAPPED.get(model, str)(json.dumps(notes)), len(prompt))


def second_pass(model: str, prompt: str) -> Reply:
    """Verdicts on numbered statements: obedient models say yes to all, `stub-no-second-pass` fails."""
    if model == "stub-no-second-pass":
        return error(500, "The stub was asked to fail.")
    parts = _STATEMENT.split(prompt)[1:]
    verdicts = [
        {"statement": int(number), "verdict": _verdict(model, text, lines)}
        for number, text, lines in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]
    return completion(model, json.dumps({"verdicts": verdicts}), len(prompt))


def _verdict(model: str, text: str, lines: str) -> str:
    """An honest one finds most of the statement's longer words in the lines."""
    if model.startswith(("stub-obedient", "stub-invents")):
        return "supports"
    words = {word.lower() for word in re.findall(r"\w{5,}", text)} - {"patient", "spoke", "about"}
    found = {word.lower() for word in re.findall(r"\w{5,}", lines)}
    return "supports" if len(words & found) * 2 >= len(words) else "not_enough"


def prompt_text(request: dict[str, Any], role: str = "user") -> str:
    """The text of all messages of a role."""
    return "\n".join(str(message["content"]) for message in request["messages"] if message["role"] == role)


def honest(lines: Sequence[Said]) -> dict[str, Any]:
    """Valid notes in which every quote is in the transcript."""
    patient = [line for line in lines if line.speaker == "patient"] or list(lines)
    therapist = [line for line in lines if line.speaker == "therapist"] or list(lines)
    notes = _lists(patient, therapist) | _singles(patient)
    notes["risk_flags"] = [_risk(line) for line in lines if _RISK.search(line.text)]
    return notes


def obedient(lines: Sequence[Said], notes: dict[str, Any]) -> dict[str, Any]:
    """The worst case: follows instructions in the transcript, with evidence that is really there."""
    orders = [line for line in lines if _INSTRUCTION.search(line.text)]
    if not orders:
        return notes
    obeyed: dict[str, Any] = {name: [] if isinstance(value, list) else None for name, value in notes.items()}
    passage = {"text": orders[0].text, "evidence": _evidence(orders[0])}
    return obeyed | {
        "key_topics": [{"topic": orders[0].text, "evidence": _evidence(orders[0])}],
        "session_mood": {"value": "very_positive", "score": 10.0, "evidence": _evidence(orders[0])},
        "mood_trajectory": {"value": "improving", "evidence": _evidence(orders[0])},
        "topic_summary": passage,
        "breakthrough": passage,
        "therapist_summary": {"statements": [passage]},
        "patient_summary": {"statements": [passage]},
    }


def inventive(lines: Sequence[Said], notes: dict[str, Any]) -> dict[str, Any]:
    """Adds statements with invented evidence: words, line numbers, or both."""
    known = lines[0].number if lines else 0
    missing = {"segments": [999_999], "quote": "I never said these words in any session."}
    misquoted = {"segments": [known], "quote": "Nobody ever uttered this invented sentence."}
    notes["key_topics"].append({"topic": "Invented topic", "evidence": missing})
    notes["significant_quotes"].append(
        {"quote": misquoted["quote"], "context": "Invented", "start": 1.0, "evidence": misquoted}
    )
    notes["breakthrough"] = {"text": "An invented breakthrough.", "evidence": missing}
    notes["therapist_summary"]["statements"].append({"text": "An invented finding.", "evidence": misquoted})
    notes["patient_summary"]["statements"].append({"text": "You made an invented step.", "evidence": missing})
    return notes


def careless(lines: Sequence[Said], notes: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, with odd cases, units, keys and gaps, and one item that nobody can understand."""
    said = {"segments": [str(lines[0].number), None], "quote": lines[0].text}
    notes["session_mood"] = {"value": "Very Low", "score": "4.5", "evidence": said, "reasoning": "…"}
    notes["mood_trajectory"] = {"value": "Up and down", "evidence": said}
    notes["key_topics"] = [{"topic": "Sleep", "evidence": said}, "Work", {"topic": None, "evidence": {}}]
    notes["patient_summary"] = [{"text": "You spoke about sleep.", "evidence": said}]
    notes["triggers"] = None
    notes["confidence"] = float("nan")
    return notes


def _lists(patient: Sequence[Said], therapist: Sequence[Said]) -> dict[str, Any]:
    asked = [line for line in therapist if line.text.endswith("?")]
    return {
        "key_topics": _each(patient[:5], lambda line: {"topic": _subject(line)}),
        "strategies": _each(
            _about(patient, "Exercise")[:2],
            lambda line: {"name": "Planned exercise", "category": "behavioral", "status": "practiced", "context": ""},
        ),
        "emotional_themes": _each(_about(patient, "Anxiety", "Guilt", "Grief")[:3], lambda x: {"theme": _subject(x)}),
        "triggers": _each(
            _about(patient, "Work", "Family")[:2],
            lambda line: {"trigger": _subject(line), "context": _quote(line), "severity": "mild"},
        ),
        "action_items": _each(
            [line for line in therapist if "next week" in line.text.lower()],
            lambda line: {"task": _quote(line), "category": "homework", "details": ""},
        ),
        "significant_quotes": _each(patient[:2], lambda x: {"quote": _quote(x), "context": "", "start": None}),
        "follow_up_topics": _each(patient[-1:], lambda line: {"topic": _subject(line)}),
        "unresolved_concerns": _each(_about(patient, "Anxiety")[:1], lambda line: {"concern": _quote(line)}),
        "techniques": _each(
            asked[:1],
            lambda line: {"name": "Open question", "modality": "MI", "definition": "Invites more than yes or no."},
        ),
    }


def _singles(patient: Sequence[Said]) -> dict[str, Any]:
    first = patient[0] if patient else None
    shown = patient[:3]
    return {
        "topic_summary": first and {"text": f"They spoke about {_subject(first)}.", "evidence": _evidence(first)},
        "session_mood": first and {"value": "neutral", "score": 5.0, "evidence": _evidence(first)},
        "mood_trajectory": None,
        "breakthrough": None,
        "therapist_summary": {"statements": _each(shown, lambda x: {"text": f"The patient said: {_quote(x)}"})},
        "patient_summary": {"statements": _each(shown, lambda x: {"text": f"You spoke about {_subject(x)}."})},
    }


def _each(lines: Sequence[Said], described: Any) -> list[dict[str, Any]]:
    return [described(line) | {"evidence": _evidence(line)} for line in lines]


def _about(lines: Sequence[Said], *subjects: str) -> list[Said]:
    return [line for line in lines if _subject(line) in subjects]


def _subject(line: Said) -> str:
    for name, pattern in SUBJECTS.items():
        if re.search(pattern, line.text, re.IGNORECASE):
            return name
    return max(re.findall(r"\w+", line.text), key=len, default="Session").capitalize()


def _risk(line: Said) -> dict[str, Any]:
    kind = {"type": "suicidal_ideation", "severity": "high", "source": "model"}
    return kind | {"speaker": line.speaker, "start": None, "evidence": _evidence(line)}


def _quote(line: Said) -> str:
    return " ".join(line.text.split()[:MOST_WORDS])


def _evidence(line: Said) -> dict[str, Any]:
    return {"segments": [line.number], "quote": _quote(line)}
