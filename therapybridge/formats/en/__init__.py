"""The form for everywhere but the United States: the day before the month, in words, so that nobody misreads it."""
