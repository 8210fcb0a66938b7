"""Backups of the database and the stored files that prove themselves when they are restored."""
