"""An index for the derived events of a patient, whose texts a search reads from their rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0005_find_within_patients'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='timelineevent',
            index=models.Index(
                condition=models.Q(('related_entity_id__isnull', False)), fields=['patient'], name='event_derived'
            ),
        ),
    ]
