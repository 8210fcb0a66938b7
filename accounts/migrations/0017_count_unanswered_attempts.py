"""An e-mail that kills the worker that sends it is given up soon: its claims without an outcome are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_visible_addresses'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingmail',
            name='unanswered',
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
    ]
