"""Goals of plans, ratings, and the interventions that serve them."""
