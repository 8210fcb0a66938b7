"""Reliable change: whether a score changed by more than its measurement error.

Jacobson NS, Truax P. Clinical significance: a statistical approach to defining meaningful change in psychotherapy
research. J Consult Clin Psychol 1991;59:12-19.
"""

from math import sqrt
from typing import Literal, NamedTuple

from treatment.instruments import Instrument, Reliability

CONFIDENCE = 1.96  # standard errors: a change this large is chance in fewer than one of twenty

Verdict = Literal["reliable improvement", "no reliable change", "reliable worsening"]


class Change(NamedTuple):
    """A difference in points, what it takes to be reliable, and what that says."""

    difference: int
    needed: float
    verdict: Verdict


def needed(reliability: Reliability) -> float:
    """The points by which two scores must differ for the change to be reliable."""
    error = reliability.deviation * sqrt(1 - reliability.coefficient)
    return CONFIDENCE * sqrt(2) * error


def reliable_change(instrument: Instrument, before: int, after: int) -> Change | None:
    """The change between two totals of one version; None where no reliability is published or known to us."""
    if instrument.reliability is None:
        return None
    difference, least = after - before, needed(instrument.reliability)
    if abs(difference) < least:
        return Change(difference, least, "no reliable change")
    improves = (difference < 0) == (instrument.better == "lower")
    return Change(difference, least, "reliable improvement" if improves else "reliable worsening")
