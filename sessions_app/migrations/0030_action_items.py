"""Action items become rows, which stay open until somebody says what came of them.

Those of the latest draft of each session come along: supported and kept statements, shown to therapists alone.
"""

import django.db.models.deletion
import therapybridge.core.fields
import therapybridge.core.models
from django.conf import settings
from django.db import migrations, models


def add_items_of_latest_drafts(apps, schema_editor):
    drafts = apps.get_model("sessions_app", "Extraction").objects
    items = apps.get_model("sessions_app", "ActionItem").objects
    kept = apps.get_model("sessions_app", "StatementReview").objects.filter(decision="kept")
    newest = drafts.filter(session=models.OuterRef("session")).order_by("-version").values("version")[:1]
    latest = drafts.filter(version=models.Subquery(newest)).select_related("session").order_by("pk")
    for draft in latest.iterator(chunk_size=200):
        chosen = set(kept.filter(extraction=draft).values_list("statement", flat=True))
        for item in draft.notes.get("action_items", []):
            if item.get("state") == "supported" or item.get("id") in chosen:
                items.create(
                    session_id=draft.session_id,
                    patient_id=draft.session.patient_id,
                    extraction=draft,
                    statement=item["id"],
                    segments=item["evidence"]["segments"],
                    task=item["task"],
                    details=item.get("details") or None,
                )


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0029_tell_once_a_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActionItem',
            fields=[
                ('id', models.UUIDField(default=therapybridge.core.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('statement', models.CharField(max_length=60)),
                ('segments', models.JSONField(default=list)),
                ('task', therapybridge.core.fields.EncryptedTextField(purpose='action_item.task')),
                ('details', therapybridge.core.fields.EncryptedTextField(null=True, purpose='action_item.details')),
                ('assigned_to', models.CharField(choices=[('patient', 'Patient'), ('therapist', 'Therapist')], default='patient', max_length=9)),
                ('is_for_patient', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('assigned', 'Open'), ('in_progress', 'Started'), ('completed', 'Done'), ('abandoned', 'Dropped')], default='assigned', editable=False, max_length=11)),
                ('reason', therapybridge.core.fields.EncryptedTextField(null=True, purpose='action_item.reason')),
                ('closed_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('extraction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sessions_app.extraction')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='action_items', to='sessions_app.therapysession')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['patient', '-id'], name='action_item_patient'), models.Index(condition=models.Q(('status__in', ('assigned', 'in_progress'))), fields=['patient', '-id'], name='action_item_open')],
                'constraints': [models.UniqueConstraint(fields=('extraction', 'statement'), name='action_item_once_per_statement'), models.CheckConstraint(condition=models.Q(('status__in', ['assigned', 'in_progress', 'completed', 'abandoned'])), name='action_item_status'), models.CheckConstraint(condition=models.Q(('assigned_to__in', ['patient', 'therapist'])), name='action_item_assigned_to'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('reason__isnull', True), ('status__in', ('assigned', 'in_progress'))), models.Q(('closed_at__isnull', False), ('reason__isnull', True), ('status', 'completed')), models.Q(('closed_at__isnull', False), ('reason__isnull', False), ('status', 'abandoned')), _connector='OR'), name='action_item_closed_whole')],
            },
        ),
        migrations.RunPython(add_items_of_latest_drafts, migrations.RunPython.noop),
    ]
