"""Summaries have a status: what was approved is shared, everything else waits as before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

CHOICES = [("draft", "To review"), ("shared", "Shared"), ("declined", "Not shared"), ("withdrawn", "Withdrawn")]
WHOLE = (
    Q(status__in=["draft", "declined"], approved_at=None, withdrawn_at=None)
    | Q(status="shared", approved_at__isnull=False, withdrawn_at=None)
    | Q(status="withdrawn", approved_at=None, withdrawn_at__isnull=False)
)


def share_what_was_approved(apps, schema_editor):
    apps.get_model("sessions_app", "PatientSummary").objects.exclude(approved_at=None).update(status="shared")


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0019_count_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("patientsummary", "approved_by", "changed_by"),
        migrations.AddField(
            "patientsummary",
            "status",
            models.CharField(choices=CHOICES, default="draft", editable=False, max_length=9),
        ),
        migrations.AddField("patientsummary", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.RunPython(share_what_was_approved, migrations.RunPython.noop),
        migrations.RemoveIndex("patientsummary", "summary_waiting"),
        migrations.AddIndex(
            "patientsummary", models.Index(fields=["session"], name="summary_waiting", condition=Q(status="draft"))
        ),
        migrations.AddConstraint(
            "patientsummary",
            models.CheckConstraint(
                condition=Q(status__in=["draft", "shared", "declined", "withdrawn"]), name="summary_status"
            ),
        ),
        migrations.AddConstraint(
            "patientsummary", models.CheckConstraint(condition=WHOLE, name="summary_shared_whole")
        ),
    ]
