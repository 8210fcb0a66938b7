"""Session events keep no copy of what was said: their texts are read from the encrypted summaries and drafts."""

from django.db import migrations

KEPT = ("session_id", "duration_seconds")
BATCH = 500


def drop_copied_texts(apps, schema_editor):
    """Of deleted events too."""
    events = apps.get_model("timeline", "TimelineEvent").objects
    rows = events.filter(related_entity_type="session").only("description", "metadata").order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        for event in batch:
            event.description = ""
            event.metadata = {name: event.metadata[name] for name in KEPT if name in event.metadata}
        events.bulk_update(batch, ["description", "metadata"])
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_event_days")]

    operations = [migrations.RunPython(drop_copied_texts, migrations.RunPython.noop)]
