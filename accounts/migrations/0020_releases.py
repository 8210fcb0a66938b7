"""Authorisations to release what is otherwise left out, more grounds of disclosures, and 42 CFR Part 2."""

from importlib import import_module

from django.db import migrations, models

import therapybridge.core.fields

plans = import_module("accounts.migrations.0018_consent_to_plans")
LABELS = plans.LABELS | {
    "psychotherapy_notes": "Release of psychotherapy notes",
    "private_events": "Release of private events",
}
IS_KNOWN = models.Q(consent_type__in=list(LABELS))
BASES = {
    "authorisation": "The patient's authorisation",
    "law": "Required by law",
    "court": "Court order",
    "public_health": "Public health",
    "threat": "A serious threat to someone",
    "oversight": "Health oversight",
    "patient": "Given to the patient",
    "treatment": "Treatment by another provider",
    "payment": "Payment",
    "practice": "The practice's own use",
}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_several_active_plans")]

    operations = [
        # SQLite copies the table, and triggers do not come along.
        migrations.RunPython(plans.append_only.remove, plans.kept.install),
        migrations.RemoveConstraint(model_name="consententry", name="consent_type"),
        migrations.AlterField(
            model_name="consententry",
            name="consent_type",
            field=models.CharField(choices=list(LABELS.items()), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="consententry", constraint=models.CheckConstraint(condition=IS_KNOWN, name="consent_type")
        ),
        migrations.RunPython(plans.kept.install, plans.append_only.remove),
        migrations.RemoveConstraint(model_name="consenttemplate", name="consent_template_type"),
        migrations.AlterField(
            model_name="consenttemplate",
            name="consent_type",
            field=models.CharField(choices=[(name, name) for name in LABELS], max_length=20),
        ),
        migrations.AddConstraint(
            model_name="consenttemplate",
            constraint=models.CheckConstraint(condition=IS_KNOWN, name="consent_template_type"),
        ),
        migrations.RemoveConstraint(model_name="disclosure", name="disclosure_basis"),
        migrations.AlterField(
            model_name="disclosure",
            name="basis",
            field=models.CharField(choices=list(BASES.items()), max_length=14),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(condition=models.Q(basis__in=list(BASES)), name="disclosure_basis"),
        ),
        migrations.AddField(
            model_name="patientprofile",
            name="is_part_2",
            field=therapybridge.core.fields.EncryptedJSONField(blank=True, null=True, purpose="patient.is_part_2"),
        ),
    ]
