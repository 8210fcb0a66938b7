"""When a signed note was filed away, and who did that, or took it out again, and why."""

from importlib import import_module

import django.db.models.deletion
import therapybridge.core.fields
import therapybridge.core.models
from django.conf import settings
from django.db import migrations, models

# As their triggers say: SQLite copies the table, and triggers do not come along.
refused = import_module("sessions_app.migrations.0010_refuse_changes_of_signed_notes")
kept = import_module("sessions_app.migrations.0024_keep_signers")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        kept.remove(apps, schema_editor)
        refused.remove(apps, schema_editor)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        refused.install(apps, schema_editor)
        kept.install(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_risk_review_hours'),
        ('sessions_app', '0026_refuse_to_remove_risk_reviews'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(remove, install),
        migrations.CreateModel(
            name='ArchiveStep',
            fields=[
                ('id', models.UUIDField(default=therapybridge.core.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('move', models.CharField(choices=[('archived', 'Archived'), ('unarchived', 'Taken out of the archive')], max_length=10)),
                ('reason', therapybridge.core.fields.EncryptedTextField(purpose='archive_step.reason')),
                ('moved_by_name', therapybridge.core.fields.EncryptedTextField(purpose='archive_step.moved_by_name')),
                ('moved_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-moved_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='sessionnote',
            name='archived_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='sessionnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('archived_at__isnull', False), ('status', 'archived')), models.Q(models.Q(('status', 'archived'), _negated=True), ('archived_at__isnull', True)), _connector='OR'), name='note_archived_since'),
        ),
        migrations.AddField(
            model_name='archivestep',
            name='moved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='archivestep',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archive_steps', to='sessions_app.sessionnote'),
        ),
        migrations.AddConstraint(
            model_name='archivestep',
            constraint=models.CheckConstraint(condition=models.Q(('move__in', ['archived', 'unarchived'])), name='archive_step_move'),
        ),
        migrations.RunPython(install, remove),
    ]
