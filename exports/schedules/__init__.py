"""Exports that are made again and again."""
