"""Questionnaires given to patients, and their results."""
