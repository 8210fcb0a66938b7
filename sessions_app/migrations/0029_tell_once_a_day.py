"""When a patient was written to about a summary; nothing for those shared before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0028_guard_archived_notes")]

    operations = [
        migrations.AddField("patientsummary", "told_at", models.DateTimeField(null=True)),
    ]
