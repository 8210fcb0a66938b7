"""The audit trail learns what the decisions from before say, so that it shows if one is changed from now on."""

from django.db import migrations

from accounts.consent.services.attestation import content_of


def attest(apps, schema_editor):
    entries, events = apps.get_model("accounts", "ConsentEntry"), apps.get_model("audit", "AuditEvent")
    patients = apps.get_model("accounts", "User").objects.filter(pk__in=entries.objects.values("patient"))
    for patient, clinic in patients.order_by("pk").values_list("pk", "clinic_id"):
        rows = list(entries.objects.filter(patient=patient).order_by("pk"))
        events.objects.create(
            action="consent.attested",
            clinic_id=clinic,
            patient_id=patient,
            ids=[str(row.pk) for row in rows],
            reason=content_of(rows),
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0027_keep_consents"), ("audit", "0006_append_only")]

    operations = [migrations.RunPython(attest, migrations.RunPython.noop)]
