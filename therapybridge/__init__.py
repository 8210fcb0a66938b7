"""TherapyBridge: the project package, with settings, routes and shared foundations."""

from therapybridge.celery import app as celery_app

__all__ = ["celery_app"]
