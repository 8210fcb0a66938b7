"""The names of people from before, folded by the rules of now."""

from django.db import migrations


def fold_anew(apps, schema_editor):
    """Both forms of the name of everyone."""
    from therapybridge.core.names import search_text, sort_key

    User = apps.get_model("accounts", "User")
    for person in User.objects.only("first_name", "last_name").order_by("pk").iterator(chunk_size=500):
        names = (person.first_name, person.last_name)
        User.objects.filter(pk=person.pk).update(folded_name=search_text(*names), sort_name=sort_key(*names))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_sort_names")]

    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]
