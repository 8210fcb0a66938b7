"""Links to a form that a patient fills in once, without anything else of their record."""
