"""Word error, the usual measure of how well an engine understands speech."""

import re

import numpy as np


def word_error(said: str, heard: str) -> float:
    """Wrong, missing and added words per word that was said; case and punctuation do not count."""
    truth, guess = words(said), words(heard)
    costs = np.arange(len(guess) + 1)
    for row, word in enumerate(truth, 1):
        before, costs = costs, np.full_like(costs, row)
        for column, other in enumerate(guess, 1):
            costs[column] = min(before[column] + 1, costs[column - 1] + 1, before[column - 1] + (word != other))
    return float(costs[-1] / len(truth))


def words(text: str) -> list[str]:
    """Lower-case words; "don't" is one."""
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("\u2019", "'"))
