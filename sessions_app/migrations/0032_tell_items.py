"""Action items keep when their patient was told of them.

Those that patients read until now, with a shared summary, count as told when it was shared.
"""

from django.db import migrations, models


def stamp_what_was_told(apps, schema_editor):
    summaries = apps.get_model("sessions_app", "PatientSummary").objects
    items = apps.get_model("sessions_app", "ActionItem").objects
    shared_at = models.Subquery(summaries.filter(session=models.OuterRef("session")).values("approved_at")[:1])
    told = items.filter(
        is_for_patient=True,
        session__summary__status="shared",
        created_at__lte=models.F("session__summary__approved_at"),
    )
    told.exclude(status="abandoned").update(told_at=shared_at)


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0031_keep_unresolved_risk_reviews'),
    ]

    operations = [
        migrations.AddField(
            model_name='actionitem',
            name='told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(stamp_what_was_told, migrations.RunPython.noop),
    ]
