"""The golden thread: which note serves which goal."""
