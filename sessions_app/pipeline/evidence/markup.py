"""Links, addresses and markup have no place in a note, whoever put them there."""

import re

from sessions_app.pipeline.evidence.statements import Statement
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, refused

_MARKUP = re.compile(
    r"<\s*[a-z/!][^>]*>?|&(?:#\d+|[a-z]+);|\]\s*\(|(?<!\w)[*_]+\w[^*\n]*\w[*_]+(?!\w)|\*\*|__|`|~~|^\s*#{1,6}\s|(?:^|\s)[*•]\s|\{\{|\}\}|\{%|javascript:|\bdata:\w"
    r"|[a-z]+://|\bwww\.|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|info|io|co|de|uk|eu|ru|app|dev)\b",
    re.IGNORECASE | re.MULTILINE,
)


def check_markup(statement: Statement) -> Verdict:
    """No link, address or markup in any text of the statement."""
    return refused("markup") if any(_MARKUP.search(part.text) for part in statement.parts) else SUPPORTED
