"""Progress reports: what a period of a treatment brought."""
