"""Days without a time, as they were written: of disclosures, and of consents, where they are kept like the rest."""

from importlib import import_module

from django.db import migrations, models

narrow = import_module("accounts.migrations.0011_consent_device_user")
KEPT = [*narrow.KEPT, "signed_day"]


def install(apps, schema_editor):
    """As before, with the day among what never changes."""
    first = narrow.before
    for statement in first.POSTGRES if schema_editor.connection.vendor == "postgresql" else first.SQLITE:
        schema_editor.execute(_with_day(narrow._wider(statement)))


def _with_day(statement):
    for operator in ("IS NOT", "IS DISTINCT FROM"):
        kept = f'OLD."device_user_id" {operator} NEW."device_user_id"'
        statement = statement.replace(kept, f'{kept} OR OLD."signed_day" {operator} NEW."signed_day"')
    return statement


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_fold_names_anew")]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="disclosed_day",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunPython(narrow.before.remove, narrow.install),
        migrations.AddField(
            model_name="consententry",
            name="signed_day",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunPython(install, narrow.before.remove),
    ]
