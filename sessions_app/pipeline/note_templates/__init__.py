"""Templates of notes: what they may hold, those that come with the product, and filling them from a draft."""
