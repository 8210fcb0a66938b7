"""Statements end in one of three states, and therapists decide about those to check.

Earlier drafts passed a weaker check: what it let through is still to be checked, what it removed stays counted.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import JSONObject

import therapybridge.core.models


def judge_earlier_drafts(apps, schema_editor):
    """Nothing of an earlier draft counts as supported."""
    drafts = apps.get_model("sessions_app", "Extraction").objects
    drafts.filter(refused__gt=0).update(refused_reasons=JSONObject(earlier_check=F("refused")))


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0007_name_word_error"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("extraction", "verified", "to_check"),
        migrations.RenameField("extraction", "removed", "refused"),
        migrations.AddField("extraction", "supported", models.PositiveIntegerField(default=0)),
        migrations.AddField("extraction", "refused_reasons", models.JSONField(default=dict)),
        migrations.RunPython(judge_earlier_drafts, migrations.RunPython.noop),
        migrations.CreateModel(
            name='StatementReview',
            fields=[
                ('id', models.UUIDField(default=therapybridge.core.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('statement', models.CharField(max_length=60)),
                ('decision', models.CharField(choices=[('kept', 'Kept'), ('deleted', 'Deleted')], max_length=7)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('extraction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='sessions_app.extraction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('extraction', 'statement'), name='statement_review_unique'), models.CheckConstraint(condition=models.Q(('decision__in', ['kept', 'deleted'])), name='statement_review_decision')],
            },
        ),
    ]
