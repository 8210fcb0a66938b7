"""Records that leave the practice, and records that come back."""
