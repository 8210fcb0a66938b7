"""An event does not change with its session's summary any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0003_drop_copied_texts")]

    operations = [migrations.RemoveField("timelineevent", "source_approved_at")]
