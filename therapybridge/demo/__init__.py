"""The demonstration clinic: invented people and weeks of sessions, seeded into an empty database."""
