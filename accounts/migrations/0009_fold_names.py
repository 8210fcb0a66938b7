"""Names and addresses from before get the form in which new ones are stored and looked up."""

from django.db import migrations


def fold_names(apps, schema_editor):
    """Names in NFC, with their folded form; addresses to sign in with in their one form, unless another person has it."""
    from therapybridge.core.text import composed, fold_name, same_address

    User = apps.get_model("accounts", "User")
    for person in User.objects.only("first_name", "last_name", "email").iterator(chunk_size=500):
        names = {name: composed(getattr(person, name)) for name in ("first_name", "last_name")}
        names["folded_name"] = fold_name(f"{names['first_name']} {names['last_name']}")
        User.objects.filter(pk=person.pk).update(**names)
        address = same_address(person.email)
        if person.email and address != person.email and not User.objects.filter(email=address).exists():
            User.objects.filter(pk=person.pk).update(email=address)


def tidy_contact_addresses(apps, schema_editor):
    """Contact addresses, with their blind index, which is now made from this form."""
    from therapybridge.core.crypto import keyed_hash
    from therapybridge.core.text import same_address

    for model, purpose in (("PatientProfile", "patient.email"), ("Invitation", "invitation.email")):
        for row in apps.get_model("accounts", model).objects.filter(email__isnull=False).iterator(chunk_size=500):
            address = same_address(row.email)
            if address and address != row.email:
                row.email, row.email_index = address, keyed_hash(purpose, address)
                row.save(update_fields=["email", "email_index"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_folded_names")]

    operations = [
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.RunPython(tidy_contact_addresses, migrations.RunPython.noop),
    ]
