"""Word lists of the built-in extractor, the risk rules and the evidence check: data only."""
