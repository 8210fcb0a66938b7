"""Fragments that a page polls."""

STOP_POLLING = 286  # htmx: the answer is final
