"""Signals of imports."""

from django.dispatch import Signal

# job: RecordImport, moment: "claimed" | "read" | "rehearsed" | "taken" (not committed yet) | "committed" (the file is
# still there)
import_reached = Signal()
