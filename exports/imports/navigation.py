"""What stands on the pages of patients and notes that were imported."""

from accounts.models import User
from exports.imports.models import RecordImport
from therapybridge.core.pages.slots import Filling, fill

THERAPIST = (User.Role.THERAPIST,)

fill(
    Filling(
        *("patient", "origins:patient", "Where this record comes from", THERAPIST),
        applies=RecordImport.objects.brought_patient,
    ),
    Filling(
        *("note", "origins:note", "Where this note comes from", THERAPIST),
        order=50,
        applies=RecordImport.objects.brought_note,
    ),
)
