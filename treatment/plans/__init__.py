"""Treatment plans, their milestones, reviews and versions."""
