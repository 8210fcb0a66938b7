"""Patients, appointments and transcripts that come from another system."""
