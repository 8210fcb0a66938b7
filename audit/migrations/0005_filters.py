"""The indexes that the pages of the trail filter by."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# SQLite alters a column by copying the table, and a trigger does not come along.
triggers = import_module("audit.migrations.0002_refuse_updates")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(triggers.remove, triggers.install),
        migrations.AlterField(
            model_name='auditevent',
            name='actor',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['actor', '-id'], name='audit_actor'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['clinic_id', 'action', '-id'], name='audit_action', opclasses=['uuid_ops', 'varchar_pattern_ops', 'uuid_ops']),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('target_id__isnull', False)), fields=['target_id'], name='audit_target'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('request_id', ''), _negated=True), fields=['request_id'], name='audit_request'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('outcome__in', ['denied', 'failed'])), fields=['clinic_id', '-id'], name='audit_refused'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('grant_id__isnull', False)), fields=['clinic_id', '-id'], name='audit_emergency'),
        ),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
