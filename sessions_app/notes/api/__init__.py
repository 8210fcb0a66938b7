"""API endpoints for notes, by what they are about."""
