"""Engines invent text where nobody speaks. The splitter knows where that is."""

from dataclasses import replace

from sessions_app.pipeline.types import Piece, PieceText, RawSegment

TOLERANCE = 0.5  # seconds by which an engine's times may be off


def without_invented(transcribed: PieceText, piece: Piece) -> PieceText:
    """Leave out the lines that lie in a silence of their chunk, and count them."""
    spoken = [line for line in transcribed.segments if _is_spoken(line, piece)]
    invented = len(transcribed.segments) - len(spoken)
    return replace(transcribed, segments=spoken, invented=transcribed.invented + invented)


def _is_spoken(line: RawSegment, piece: Piece) -> bool:
    if piece.speech is None or line.start is None or line.end is None:
        return True
    first, last = line.start - TOLERANCE, line.end + TOLERANCE
    return any(start < last and end > first for start, end in piece.speech)
