"""Labels that rate or name: mood, feelings, severity, techniques. Without words that say so they are ungrounded."""

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.content import patient_named
from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, Statement
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.lexicon.techniques import TechniqueEntry
from sessions_app.pipeline.text.matching import fold, phrases
from sessions_app.pipeline.text.wordnumbers import spoken_numbers
from sessions_app.pipeline.text.words import content_words, is_negating

_PROPOSED, _DONE = frozenset({"introduced", "assigned"}), frozenset({"practiced", "reviewed"})
_OPPOSED = {"introduced": _DONE, "assigned": _DONE, "practiced": _PROPOSED, "reviewed": _PROPOSED}
_EXTREMES = {"very_low": "low", "very_positive": "positive"}


def check_labels(statement: Statement) -> Verdict:
    """The label of each kind of statement that has one."""
    item = statement.item
    if isinstance(item, schema.SessionMood):
        return _mood(item, statement)
    if isinstance(item, schema.MoodTrajectory):
        is_said = any(statement.tables.trajectories[item.value].search(line) for line in _own_lines(statement))
        return SUPPORTED if is_said else check("mood")
    if isinstance(item, schema.EmotionalTheme) and len(content_words(item.theme, statement.tables)) <= 1:
        return SUPPORTED if patient_named(statement, item.theme) else check("feeling")
    if isinstance(item, schema.Strategy | schema.Technique):
        return _technique(item, statement)
    return SUPPORTED


def spoken_score(item: schema.SessionMood, statement: Statement) -> bool:
    """Whether the patient gave the number themselves."""
    if item.score is None:
        return False
    spoken = spoken_numbers(" ".join(_own_lines(statement)))
    return f"{item.score:g}" in spoken


def spoken_severity(item: schema.Trigger, statement: Statement) -> bool:
    """Whether the patient's own words grade the reaction like that."""
    graded = statement.tables.intensities.get(item.severity or "")
    return graded is not None and any(graded.search(line) for line in _own_lines(statement))


def _mood(item: schema.SessionMood, statement: Statement) -> Verdict:
    value = _EXTREMES.get(item.value, item.value)
    moods = statement.tables.moods
    own = [line for line in _own_lines(statement) if moods[value].search(line)]
    opposed = any(moods[other].search(line) for other in moods if other != value for line in own)
    is_strong = item.value not in _EXTREMES or any(statement.tables.strong.search(line) for line in own)
    return SUPPORTED if own and not opposed and is_strong else check("mood")


def _technique(item: schema.Strategy | schema.Technique, statement: Statement) -> Verdict:
    lines = [fold(segment.text) for segment in statement.near]
    entry = statement.entry
    if entry and not (_is_done(entry, lines) or _is_named(item.name, statement)):
        return check("technique")
    if isinstance(item, schema.Strategy) and not _has_status(item.status, lines, statement.tables):
        return check("status")
    return SUPPORTED


def _has_status(status: str, lines: list[str], language: Language) -> bool:
    """Whether the lines say so, or nothing to the contrary: what was only proposed was not done."""
    said = {name for name, pattern in language.statuses.items() if any(pattern.search(line) for line in lines)}
    return status in said or said.isdisjoint(_OPPOSED[status])


def _is_named(name: str, statement: Statement) -> bool:
    words = content_words(name, statement.tables)
    return bool(words) and all(
        any(word.means(other) for one in statement.said for other in one.words) for word in words
    )


def _is_done(entry: TechniqueEntry, lines: list[str]) -> bool:
    pattern = phrases(entry.pattern)
    return any(pattern.search(line) for line in lines)


def _own_lines(statement: Statement) -> list[str]:
    """What the patient says in the cited lines, folded, without sentences that deny."""
    own = [one for one in statement.said if one.is_cited and one.speaker in PATIENT_SIDE and not one.is_question]
    return [fold(one.text) for one in own if not is_negating(one.text, statement.tables)]
