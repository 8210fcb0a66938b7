"""Events name those before them, so that one that is removed before it is chained is missed.

Without a default: SQLite then adds the column in place, and the triggers stay.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_append_only")]

    operations = [
        migrations.AddField(model_name="auditevent", name="preceding", field=models.JSONField(null=True)),
    ]
