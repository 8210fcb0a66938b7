"""Central sentences by LexRank (Erkan & Radev 2004): centrality in a graph of similar sentences."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sessions_app.pipeline.text.matching import fold

MAX_SENTENCES = 600  # the graph has quadratic size
_SIMILAR = 0.1  # cosine above which two sentences are linked
_DAMPING = 0.85
_ROUNDS = 50


def central_sentences(sentences: Sequence[str], count: int) -> list[int]:
    """Positions of the `count` most central sentences, in order; of long lists, only the longest are ranked."""
    longest = sorted(range(len(sentences)), key=lambda at: -len(sentences[at]))[:MAX_SENTENCES]
    if not longest:
        return []
    candidates = sorted(longest)
    rank = lexrank([fold(sentences[at]).split() for at in candidates])
    best = sorted(range(len(candidates)), key=lambda at: (-round(float(rank[at]), 9), at))
    return [candidates[at] for at in best[:count]]


def lexrank(documents: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """The stationary probability of each document (a list of words); they add up to 1."""
    similar = _cosine(_tfidf(documents)) > _SIMILAR
    np.fill_diagonal(similar, val=True)
    walk = similar / similar.sum(axis=1, keepdims=True)
    size = len(documents)
    rank = np.full(size, 1 / size)
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / size + _DAMPING * (walk.T @ rank)
    return rank


def _tfidf(documents: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    column = {word: at for at, word in enumerate(sorted({word for document in documents for word in document}))}
    counts = np.zeros((len(documents), max(len(column), 1)))
    for row, document in enumerate(documents):
        for word, times in Counter(document).items():
            counts[row, column[word]] = times
    present = (counts > 0).sum(axis=0)
    weights: NDArray[np.float64] = counts * np.log(1 + len(documents) / np.maximum(present, 1))
    return weights


def _cosine(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = rows / np.maximum(length, 1e-12)
    similarity: NDArray[np.float64] = unit @ unit.T
    return similarity
