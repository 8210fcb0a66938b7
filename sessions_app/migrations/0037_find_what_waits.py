from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0036_held_sessions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="processingjob",
            index=models.Index(condition=models.Q(("stage", "speakers")), fields=["session"], name="job_asking"),
        ),
    ]
