"""The form for the United States."""
