"""A risk review may come from the row of an app above this one instead of a session, and never from another one later."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sessions_app.risk import triggers

# As its triggers say: SQLite copies the table, and triggers do not come along.
kept = import_module("sessions_app.migrations.0022_keep_risk_reviews")


def remove(apps, schema_editor):
    triggers.remove(schema_editor.execute, schema_editor.connection.vendor)
    kept.remove(apps, schema_editor)


def install_earlier(apps, schema_editor):
    kept.install(apps, schema_editor)
    triggers.install(schema_editor.execute, schema_editor.connection.vendor)


def install(apps, schema_editor):
    install_earlier(apps, schema_editor)
    triggers.install_for_sources(schema_editor.execute, schema_editor.connection.vendor)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_count_unanswered_attempts'),
        ('sessions_app', '0034_keep_closings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(remove, install_earlier),
        migrations.AddField(
            model_name='riskreview',
            name='source_day',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='riskreview',
            name='source_id',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='riskreview',
            name='source_type',
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AlterField(
            model_name='riskreview',
            name='session',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='risk_reviews', to='sessions_app.therapysession'),
        ),
        migrations.AddConstraint(
            model_name='riskreview',
            constraint=models.UniqueConstraint(condition=models.Q(('source_id__isnull', False), ('status__in', ('open', 'acknowledged'))), fields=('source_type', 'source_id'), name='risk_review_one_unresolved_of_source'),
        ),
        migrations.AddConstraint(
            model_name='riskreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('session__isnull', False), ('source_day', None), ('source_id', None), ('source_type', '')), models.Q(('session', None), ('source_day__isnull', False), ('source_id__isnull', False), models.Q(('source_type', ''), _negated=True)), _connector='OR'), name='risk_review_one_origin'),
        ),
        migrations.RunPython(install, remove),
    ]
