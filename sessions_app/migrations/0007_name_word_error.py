from django.db import migrations, models

RENAMED = {"demonstration": "unreliable"}


def rename(apps, names):
    for model in ("Transcript", "Extraction"):
        for old, new in names.items():
            apps.get_model("sessions_app", model).objects.filter(quality=old).update(quality=new)


class Migration(migrations.Migration):
    """The quality of a machine's transcript is named by its word error."""

    dependencies = [("sessions_app", "0006_who_is_speaking")]

    operations = [
        migrations.RemoveConstraint("transcript", "transcript_quality"),
        migrations.RemoveConstraint("extraction", "extraction_quality"),
        migrations.RunPython(
            lambda apps, editor: rename(apps, RENAMED),
            lambda apps, editor: rename(apps, {"unreliable": "demonstration", "small_model": "demonstration"}),
        ),
        migrations.AddConstraint(
            "transcript",
            models.CheckConstraint(
                condition=models.Q(quality__in=("standard", "small_model", "unreliable")), name="transcript_quality"
            ),
        ),
        migrations.AddConstraint(
            "extraction",
            models.CheckConstraint(
                condition=models.Q(quality__in=("standard", "small_model", "unreliable", "keyword_draft")),
                name="extraction_quality",
            ),
        ),
        migrations.AddField("transcriptpiece", "speech", models.JSONField(null=True)),
    ]
