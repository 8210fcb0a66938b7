"""Consent to a treatment plan, in the consent log."""

from importlib import import_module

from django.db import migrations, models

append_only = import_module("accounts.migrations.0005_append_only_consent")
kept = import_module("accounts.migrations.0015_days_of_decisions")
LABELS = {
    "treatment": "Treatment",
    "hipaa_notice": "HIPAA notice",
    "data_processing": "Data processing",
    "data_sharing": "Data sharing",
    "communication": "Communication",
    "recording": "Recording",
    "ai_processing": "AI processing",
    "research": "Research",
    "telehealth": "Telehealth",
    "billing": "Billing",
    "treatment_plan": "Treatment plan",
}
IS_KNOWN = models.Q(consent_type__in=list(LABELS))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_count_unanswered_attempts")]

    operations = [
        # SQLite copies the table, and triggers do not come along.
        migrations.RunPython(append_only.remove, kept.install),
        migrations.RemoveConstraint(model_name="consententry", name="consent_type"),
        migrations.AlterField(
            model_name="consententry",
            name="consent_type",
            field=models.CharField(choices=list(LABELS.items()), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="consententry", constraint=models.CheckConstraint(condition=IS_KNOWN, name="consent_type")
        ),
        migrations.RunPython(kept.install, append_only.remove),
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
    ]
