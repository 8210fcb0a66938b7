"""When a running job is expected to end; nothing for those that run already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0022_keep_risk_reviews")]

    operations = [
        migrations.AddField("processingjob", "finish_expected_at", models.DateTimeField(null=True)),
    ]
