"""Questionnaires, and what numbers over time say; so far without models and pages."""
