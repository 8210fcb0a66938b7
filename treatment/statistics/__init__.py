"""What numbers over time say: trend, streaks, progress, reliable change. Pure functions."""
