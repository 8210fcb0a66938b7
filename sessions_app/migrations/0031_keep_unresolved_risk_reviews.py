"""On SQLite, no new risk review of the same session replaces an unresolved one either."""

from django.db import migrations

from sessions_app.risk import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.execute, schema_editor.connection.vendor)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0030_action_items")]

    # The migration that made the triggers removes them.
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
