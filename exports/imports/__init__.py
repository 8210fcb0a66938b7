"""Records that come in from elsewhere."""
