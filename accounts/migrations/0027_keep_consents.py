"""Nothing is taken out of the consent log, on either database; patients with consents are protected accordingly.

SQLite changes a table by copying it, and triggers do not come along: see 0005 and accounts/consent/triggers.py.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.consent import triggers


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # It let a decision go with its patient.
        schema_editor.execute("DROP TRIGGER IF EXISTS consent_refuse_delete ON accounts_consententry")
        schema_editor.execute("DROP FUNCTION IF EXISTS consent_refuse_delete()")
    triggers.install(schema_editor.execute, schema_editor.connection.vendor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.execute, schema_editor.connection.vendor)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0026_keep_unsent_mail")]

    operations = [
        migrations.AlterField(
            model_name="consententry",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunPython(install, remove),
    ]
