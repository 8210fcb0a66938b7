"""What a risk list consists of: rules of core words and frames (`text/frames.py`), one list for each language.

The lists were written for this product after public vocabulary of suicide prevention and safeguarding; they reproduce
no instrument. Severity grades the phrase, never the person. Negation is ignored on purpose: "I don't want to die, but"
has to be reviewed. A folder per language has a file of rules per subject:

    [suicidal_ideation high]    type and severity of what follows; `asked` if it counts only in a question
    rope|noose                  core words
        @ ~ (beam|attic)        frames around them, one per line

and three files of its own: `words.txt` (fillers, spellings and word classes), `idioms.txt` (harmless phrases in which
nothing is searched) and `questions.txt` (beginnings of questions). All words are folded: lower case, no accents, no
apostrophes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sessions_app.pipeline.drafting.schema import RiskSeverity, RiskType

_NO_RULES = {"words", "idioms", "questions"}


class Rule(NamedTuple):
    """Frames of one type and severity around core words."""

    type: RiskType
    severity: RiskSeverity
    is_asked: bool  # counts only in a question by somebody else than the patient
    cores: str
    frames: str


class RiskLexicon(NamedTuple):
    """One language's list."""

    language: str
    fillers: frozenset[str]  # left out before anything is compared; pairs are written with a space
    spellings: Mapping[str, str]  # short forms, and what they stand for
    classes: Mapping[str, str]
    rules: tuple[Rule, ...]
    idioms: str
    questions: str


def lexicon(language: str) -> RiskLexicon:
    """Read a language's folder."""
    folder = Path(__file__).parent / language
    words = _sections(_lines(folder / "words.txt"))
    return RiskLexicon(
        language,
        fillers=frozenset(filler for line in words["fillers"] for filler in line.split(", ")),
        spellings=dict(line.split(" = ") for line in words["spellings"]),
        classes=dict(line.split(" = ") for line in words["classes"]),
        rules=tuple(
            rule for path in sorted(folder.glob("*.txt")) if path.stem not in _NO_RULES for rule in _rules(path)
        ),
        idioms="\n".join(_lines(folder / "idioms.txt")),
        questions="\n".join(_lines(folder / "questions.txt")),
    )


def _sections(lines: list[str]) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("["):
            sections[line.strip("[]")] = section = []
        else:
            section.append(line)
    return sections


def _rules(path: Path) -> list[Rule]:
    rules: list[Rule] = []
    heading: list[str] = []
    for line in _lines(path):
        if line.startswith("["):
            heading = line.strip("[]").split()
        elif line.startswith(" "):
            rules[-1] = rules[-1]._replace(frames=f"{rules[-1].frames}\n{line}")
        else:
            rules.append(_rule(heading, line))
    return rules


def _rule(heading: list[str], cores: str) -> Rule:
    type_, severity, *conditions = heading
    return Rule(type_, severity, "asked" in conditions, cores, "")  # type: ignore[arg-type]


def _lines(path: Path) -> list[str]:
    """Without empty lines and comments."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
