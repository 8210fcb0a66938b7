"""Pages of trackers for therapists, and of check-ins for patients."""
