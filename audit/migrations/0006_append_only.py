"""Neither changed nor removed, whatever the client: events, links and tombstones."""

from importlib import import_module

from django.db import migrations

from audit import triggers

former = import_module("audit.migrations.0002_refuse_updates")


def install(apps, schema_editor):
    triggers.install(schema_editor.execute, schema_editor.connection.vendor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.execute, schema_editor.connection.vendor)


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_filters")]

    operations = [
        migrations.RunPython(former.remove, former.install),
        migrations.RunPython(install, remove),
    ]
