"""Indexes for what is asked within a patient: importance, and on PostgreSQL parts of words (both extensions are trusted)."""

from django.db import migrations, models

NAME = "event_words"
INSTALL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    f"CREATE INDEX {NAME} ON timeline_timelineevent"
    " USING gin (patient_id, title gin_trgm_ops, description gin_trgm_ops)",
]


def install(apps, schema_editor):
    for statement in INSTALL if schema_editor.connection.vendor == "postgresql" else []:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0004_remove_source_approved_at'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='timelineevent',
            index=models.Index(
                fields=['patient', 'importance', '-event_date', '-id'], name='event_importance_feed'
            ),
        ),
        migrations.RunPython(install, remove),
    ]
