"""A job may wait for a person to say who is speaking, and a transcript says how its speakers were told apart."""

from typing import Any

from django.conf import settings
from django.db import migrations, models


def name_sources(apps: Any, schema_editor: Any) -> None:
    """Uploads had words such as "Therapist"; recordings had a guess."""
    rows = apps.get_model("sessions_app", "Transcript").objects
    rows.filter(engine="upload", speaker_source="provider").update(speaker_source="label")
    rows.filter(speaker_source__in=["channel", "voice", "provider"]).update(speaker_source="guess")


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0005_name_requesters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='processingjob',
            name='job_stage_known',
        ),
        migrations.RemoveIndex(
            model_name='processingjob',
            name='job_due',
        ),
        migrations.AddField(
            model_name='transcript',
            name='warnings',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='processingjob',
            name='stage',
            field=models.CharField(choices=[('check', 'Checking the recording'), ('transcribe', 'Transcribing'), ('assemble', 'Putting the transcript together'), ('speakers', 'Who is speaking?'), ('extract', 'Drafting the note'), ('recheck', 'Checking the note again'), ('finish', 'Finishing'), ('done', 'Done'), ('failed', 'Failed')], default='check', max_length=12),
        ),
        migrations.AlterField(
            model_name='transcript',
            name='speaker_source',
            field=models.CharField(choices=[('label', 'words such as “Therapist” in the file'), ('name', 'names in the file'), ('guess', 'a guess from what each voice says'), ('person', 'a person'), ('none', 'nothing')], default='none', max_length=12),
        ),
        migrations.AddIndex(
            model_name='processingjob',
            index=models.Index(condition=models.Q(('stage__in', ('speakers', 'done', 'failed')), _negated=True), fields=['next_attempt_at'], name='job_due'),
        ),
        migrations.AddConstraint(
            model_name='processingjob',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['check', 'transcribe', 'assemble', 'speakers', 'extract', 'recheck', 'finish', 'done', 'failed'])), name='job_stage_known'),
        ),
        migrations.RunPython(name_sources, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='transcript',
            constraint=models.CheckConstraint(condition=models.Q(('speaker_source__in', ['label', 'name', 'guess', 'person', 'none'])), name='transcript_speaker_source'),
        ),
    ]
