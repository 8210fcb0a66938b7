"""The forms of a person's name by which people are searched, looked up and sorted, whatever the spelling."""

from collections.abc import Iterable

from django.db.models import Q

from therapybridge.core.text import MAX_FOLDED, fold_name, spell_out

# What `search_text` writes at most: two spellings of the words and of each whole name, in marks.
MAX_SEARCH_TEXT = 4 * (2 * MAX_FOLDED + 4)
MAX_SORT_KEY = 2 * MAX_FOLDED + 1
FIRST, LAST = "({})", "[{}]"  # marks that no folded name contains


def search_text(first_name: str, last_name: str) -> str:
    """The words of the name, and each half of it as one word in marks; twice, if it can be spelled out (ü as ue)."""
    halves = [(FIRST, first_name), (LAST, last_name)]
    words = [spelling for _, name in halves for spelling in _spellings(name)]
    wholes = [mark.format(word.replace(" ", "")) for mark, name in halves for word in _spellings(name) or [""]]
    return " ".join([*words, *wholes])


def sort_key(first_name: str, last_name: str) -> str:
    """By last name, then first; who has only one is sorted by it."""
    return "\t".join(filter(None, (fold_name(last_name), fold_name(first_name))))


def holds_words(words: str, column: str) -> Q | None:
    """Whether a column with `search_text` contains each of the words; None if there are none, as in "-"."""
    asked = [spellings for word in words.split() if (spellings := _spellings(word))]
    return Q(*(_any(_contains(column, part.split()) for part in spellings) for spellings in asked)) if asked else None


def is_whole(first_name: str, last_name: str, column: str) -> Q | None:
    """Whether a column with `search_text` is of this name, wherever its last part begins; None without any word."""
    names = (first_name, last_name)
    plain, spelled = (" ".join(map(form, names)).split() for form in (fold_name, _spelled))
    words = list(zip(plain, spelled, strict=False))
    cuts = range(1, len(words) + 1)
    halves = (_half(column, FIRST, words[:cut]) & _half(column, LAST, words[cut:]) for cut in cuts)
    return _any(halves) if words else None


def _spelled(name: str) -> str:
    return fold_name(spell_out(name))


def _spellings(name: str) -> list[str]:
    return [spelling for spelling in dict.fromkeys((fold_name(name), _spelled(name))) if spelling]


def _half(column: str, mark: str, words: list[tuple[str, str]]) -> Q:
    joined = {"".join(spelling) for spelling in zip(*words, strict=True)} or {""}
    return _any(_contains(column, [mark.format(word)]) for word in sorted(joined))


def _contains(column: str, parts: Iterable[str]) -> Q:
    return Q(*(Q(**{f"{column}__contains": part}) for part in parts))


def _any(conditions: Iterable[Q]) -> Q:
    return Q(*conditions, _connector=Q.OR)
