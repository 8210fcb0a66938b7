"""Treatment: plans, goals, measures, and what they show about each other."""
