"""Nothing removes a risk review or its history, on SQLite neither, and by TRUNCATE neither."""

from django.db import migrations

from sessions_app.risk import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.execute, schema_editor.connection.vendor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.execute, schema_editor.connection.vendor)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0025_name_who_was_told")]

    operations = [migrations.RunPython(install, remove)]
