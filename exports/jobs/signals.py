"""Signals of exports."""

from django.dispatch import Signal

export_reached = Signal()  # job: ExportJob, moment: "claimed" | "collected" | "drawn" | "committing" | "committed"
