"""The navigation entry of exports, and where one begins."""

from accounts.models import User
from exports.choices import ExportKind
from therapybridge.core.pages.navigation import MENU, Entry, declare
from therapybridge.core.pages.slots import Offer, offer

THERAPIST = (User.Role.THERAPIST,)
FROM = ("exports:new", "Export…", THERAPIST)

declare(
    Entry(
        "Exports",
        "exports:list",
        39,
        THERAPIST,
        icon="download",
        covers=("exports:", "export_schedules:", "layouts:"),
        is_on_phones=False,
    ),
)
declare(Entry("Copies of your record", "portal_copies:list", 31, (User.Role.PATIENT,), place=MENU))
offer(
    Offer("own_requests", "portal_copies:list", "Copies of your record", (User.Role.PATIENT,)),
    Offer("patient", *FROM, icon="download", query={"kind": ExportKind.FULL_RECORD.value}),
    Offer("timeline", "exports:new", "Export the timeline…", THERAPIST, query={"kind": ExportKind.TIMELINE.value}),
    Offer("session", *FROM, icon="download", query={"kind": ExportKind.SESSION_NOTES.value}),
    Offer("note", *FROM, icon="download", query={"kind": ExportKind.SESSION_NOTES.value}),
    Offer("plan", *FROM, icon="download", query={"kind": ExportKind.TREATMENT_SUMMARY.value}),
)
