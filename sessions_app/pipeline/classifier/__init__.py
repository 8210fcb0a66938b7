"""A small linear classifier that lists sentences for review, beside the rules and never instead of them."""
