"""On whose device a consent was signed, kept like the rest of the decision."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

before = import_module("accounts.migrations.0005_append_only_consent")
KEPT = [*before.KEPT, "device_user_id"]


def _wider(statement):
    for operator in ("IS NOT", "IS DISTINCT FROM"):
        narrow = before._changed(operator)
        statement = statement.replace(narrow, f'{narrow} OR OLD."device_user_id" {operator} NEW."device_user_id"')
    return statement


def install(apps, schema_editor):
    for statement in before.POSTGRES if schema_editor.connection.vendor == "postgresql" else before.SQLITE:
        schema_editor.execute(_wider(statement))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_patient_details")]

    operations = [
        # SQLite may copy the table, and triggers do not come along.
        migrations.RunPython(before.remove, before.install),
        migrations.AddField(
            model_name="consententry",
            name="device_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="consententry",
            name="consent_type",
            field=models.CharField(
                choices=[
                    ("treatment", "Treatment"),
                    ("hipaa_notice", "HIPAA notice"),
                    ("data_processing", "Data processing"),
                    ("data_sharing", "Data sharing"),
                    ("communication", "Communication"),
                    ("recording", "Recording"),
                    ("ai_processing", "AI processing"),
                    ("research", "Research"),
                    ("telehealth", "Telehealth"),
                    ("billing", "Billing"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(install, before.remove),
    ]
