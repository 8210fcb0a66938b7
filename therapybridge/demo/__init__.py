"""The demonstration clinic: invented people and a year of sessions, seeded into an empty database."""
