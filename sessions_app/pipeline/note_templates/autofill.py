"""Filling a template from the usable statements of a draft. What the draft does not say stays empty."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sessions_app.pipeline.lexicon.glue import GLUE, NEGATORS
from sessions_app.pipeline.note_templates.definition import MOOD_TYPES, NUMBER_TYPES, Definition, Source, TemplateField
from sessions_app.pipeline.note_templates.values import MAX_TEXT
from sessions_app.pipeline.text.matching import fold

# How a list is introduced; the words of its items come from the draft.
LEADS: dict[str, str] = {
    "key_topics": "Topics",
    "emotional_themes": "Feelings named",
    "triggers": "Triggers",
    "techniques": "Techniques",
    "session_mood": "Mood",
    "mood_trajectory": "Mood over the session",
    "follow_up_topics": "For next time",
    "unresolved_concerns": "Open concerns",
}
# Which source keeps what several say; moods are told by values, not in words.
SOURCES_BY_RANK: tuple[Source, ...] = (
    "action_items",
    "follow_up_topics",
    "strategies",
    "techniques",
    "breakthrough",
    "triggers",
    "unresolved_concerns",
    "significant_quotes",
    "emotional_themes",
    "key_topics",
    "topic_summary",
    "therapist_summary",
)
SUMMARIES = {"topic_summary", "therapist_summary"}
FRAME = GLUE - NEGATORS
MAIN_TEXTS = ("text", "topic", "theme", "trigger", "name", "task", "quote", "concern", "value")


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a field's text that one statement gave, with the lines that it cites."""

    statement: str
    text: str
    segments: tuple[int, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The value of a field, with the statements that it consists of."""

    value: Any
    pieces: tuple[Piece, ...]


def autofill(definition: Definition, notes: Mapping[str, Any]) -> dict[str, Filled]:
    """Fields that the usable statements (as of `usable`) fill, by id; the others are missing.

    What several sources say word for word stands once, in the field of the one that says it best.
    """
    sources = {source for field in definition.all_fields if field.is_prose for source in field.ai_mapping}
    told = _told_once(notes, sources)
    filled = ((field.id, _fill(field, told)) for field in definition.all_fields if field.ai_mapping)
    return {key: value for key, value in filled if value is not None}


def _told_once(notes: Mapping[str, Any], sources: Set[str]) -> dict[str, Any]:
    """The notes without what another of the `sources` says, the more telling ones before the more general ones."""
    told, said = dict(notes), list[str]()
    for source in (name for name in SOURCES_BY_RANK if name in sources):
        new = [item for item in _items(notes.get(source)) if not _is_said(_spoken(item), said, source in SUMMARIES)]
        said += [_spoken(item) for item in new]
        told[source] = new
    return told


def _spoken(item: Mapping[str, Any]) -> str:
    return fold(item[next(name for name in MAIN_TEXTS if item.get(name))])


def _is_said(text: str, said: Sequence[str], is_summary: bool) -> bool:
    """Whether it is said already; of a summary, whether only a frame is left: "Agreed: …", "The patient said: …"."""
    if text in said or not is_summary:
        return text in said
    rest = f" {text} "
    for other in sorted(said, key=len, reverse=True):
        rest = rest.replace(f" {other} ", " ")
    return rest.strip() != text and FRAME.issuperset(rest.split())


def _fill(field: TemplateField, notes: Mapping[str, Any]) -> Filled | None:
    if not field.is_prose:
        return _fill_from_mood(field, notes.get("session_mood"))
    joiner = "\n" if field.type == "textarea" else "; "
    text, pieces = "", list[Piece]()
    for block, found in _blocks(field, notes):
        longer = f"{text}{joiner}{block}" if text else block
        if len(longer) <= MAX_TEXT[field.type]:
            text, pieces = longer, [*pieces, *found]
    return Filled(text, tuple(pieces)) if text else None


def _blocks(field: TemplateField, notes: Mapping[str, Any]) -> Iterator[tuple[str, list[Piece]]]:
    """The text that each source gives, with its pieces."""
    for source in field.ai_mapping:
        pieces = [_piece(source, item) for item in _items(notes.get(source))]
        texts = [" ".join(piece.text.split()) for piece in pieces]
        if texts:
            is_list = source == "action_items" and field.type == "textarea"
            lead = f"{LEADS[source]}: " if source in LEADS else ""
            yield lead + ("\n" if is_list else "; " if lead else " ").join(texts), pieces


def _piece(source: Source, item: Mapping[str, Any]) -> Piece:
    evidence = item["evidence"]
    return Piece(item["id"], _text(source, item), tuple(evidence["segments"]), evidence["quote"])


def _text(source: Source, item: Mapping[str, Any]) -> str:
    name = next(name for name in MAIN_TEXTS if item.get(name))
    main = item[name].replace("_", " ") if name == "value" else item[name]
    if source == "significant_quotes":
        return f"“{main}”"
    details = list(_details(source, item))
    return f"{main} ({', '.join(details)})" if details else main


def _details(source: Source, item: Mapping[str, Any]) -> Iterator[str]:
    if source == "strategies":
        yield item["status"]
    if source == "action_items" and item["details"]:
        yield item["details"].rstrip(".")
    if source == "session_mood" and item["score"] is not None:
        yield f"{item['score']:g} of 10"


def _items(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, list):
        return value
    if not value:
        return []
    return list(value["statements"]) if "statements" in value else [value]


def _fill_from_mood(field: TemplateField, mood: Mapping[str, Any] | None) -> Filled | None:
    """Numbers from the patient's own number, choices from the option of the same name."""
    if not mood or field.type not in MOOD_TYPES:
        return None
    value = mood["score"] if field.type in NUMBER_TYPES else _option(field, mood["value"])
    if value is None or not _is_within(field, value):
        return None
    return Filled(value, (_piece("session_mood", mood),))


def _option(field: TemplateField, value: str) -> str | None:
    return next((option for option in field.options if option.casefold() == value.replace("_", " ")), None)


def _is_within(field: TemplateField, value: Any) -> bool:
    if not isinstance(value, int | float):
        return True
    return (field.minimum is None or value >= field.minimum) and (field.maximum is None or value <= field.maximum)
