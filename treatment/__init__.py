"""Treatment plans, goals, questionnaires, and what numbers over time say."""
