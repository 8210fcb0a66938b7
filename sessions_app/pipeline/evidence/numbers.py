"""Numbers: every number of a statement was said near the lines it cites, of the same thing."""

from sessions_app.pipeline.evidence.statements import Statement
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check
from sessions_app.pipeline.lexicon.glue import GLUE
from sessions_app.pipeline.text.wordnumbers import has_unspoken_number, is_number, numbers_with_units, spoken_numbers
from sessions_app.pipeline.text.words import concepts_of, tokens


def check_numbers(statement: Statement) -> Verdict:
    """Values are compared however they are written; the word after a number tells what it counts."""
    spoken = spoken_numbers(statement.near_text)
    if any(has_unspoken_number(part.text, spoken) for part in statement.parts):
        return check("number")
    said = numbers_with_units(tokens(statement.near_text), _is_unit)
    for part in statement.parts:
        if not all(_is_same(values, unit, said) for values, unit in numbers_with_units(tokens(part.text), _is_unit)):
            return check("unit")
    return SUPPORTED


def _is_same(values: set[str], unit: str | None, said: list[tuple[set[str], str | None]]) -> bool:
    """Whether that number was said of that thing, or of nothing that was named."""
    units = [other for spoken, other in said if values & spoken]
    if unit is None or not units:
        return True
    return any(other is None or not concepts_of(unit).isdisjoint(concepts_of(other)) for other in units)


def _is_unit(word: str) -> bool:
    return word not in GLUE and not is_number(word)
