"""The second pass: whether a model that sees nothing but a statement and its lines finds that they support it."""

from collections.abc import Sequence

from sessions_app.pipeline.evidence.statements import Statement
from sessions_app.pipeline.evidence.verdicts import Verdict, check, refused
from sessions_app.pipeline.types import Claim, Support, Verifier

FAILED = "second_pass_failed"  # the reason of a statement that nobody looked at, and that may be asked about again
BATCH = 15  # statements a call


def second_verdicts(statements: Sequence[Statement], verifier: Verifier) -> list[Support]:
    """What the verifier says of each statement, in order; a short or broken answer proves nothing."""
    found: list[Support] = []
    for start in range(0, len(statements), BATCH):
        batch = statements[start : start + BATCH]
        answers = verifier.support([Claim(one.text, tuple(one.near)) for one in batch])
        found += [answers[at] if at < len(answers) else "not_enough" for at in range(len(batch))]
    return found


def lowered(first: Verdict, second: Support) -> Verdict:
    """The lower of both; what the model contradicts and the words do not support is refused."""
    if second == "contradicts":
        return check("contradicted") if first.state == "supported" else refused("contradicted")
    if first.state != "supported" or second == "supports":
        return first
    return check(FAILED if second == "unasked" else "second_pass")


def is_due(statement: Statement, first: Verdict) -> bool:
    """Quotes and phrases to review are words of the transcript: nobody has to be asked about them."""
    return first.state != "refused" and any(part.role != "quote" for part in statement.parts)
