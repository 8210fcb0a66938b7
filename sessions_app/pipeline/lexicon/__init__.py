"""Word lists of the built-in extractor, the risk pass and the grounding check: data, no behaviour."""
