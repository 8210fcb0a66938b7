"""Addresses to sign in with are checked for invisible characters in the admin site and by commands too."""

from django.db import migrations, models

import therapybridge.core.text


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_days_of_decisions")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True, max_length=254, null=True, validators=[therapybridge.core.text.validate_address]
            ),
        ),
    ]
