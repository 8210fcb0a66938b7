"""The clinic of the demonstration and its staff. Every name, number and story is invented."""

from accounts.demo import CLINIC_NAME, DOMAIN

TIME_ZONE = "America/New_York"
JURISDICTION = "US-NY"
ADMIN = f"admin@{DOMAIN}"

# Name of the account, first name, last name, role. The trainee's notes are signed by a supervisor, too.
STAFF = (
    ("therapist", "Hannah", "Lindqvist", "therapist"),
    ("therapist2", "Marcus", "Adeyemi", "therapist"),
    ("trainee", "Ines", "Calloway", "therapist"),
    ("admin", "Ruth", "Feldman", "admin"),
)
__all__ = ["ADMIN", "CLINIC_NAME", "DOMAIN", "JURISDICTION", "STAFF", "TIME_ZONE"]
