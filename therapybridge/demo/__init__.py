"""The demonstration clinic: invented people, a year of sessions, and how they are put into an empty database."""
