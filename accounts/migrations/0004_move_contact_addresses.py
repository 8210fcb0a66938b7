"""A patient's address becomes contact data; it stays the name to sign in with only for those who can sign in."""

from django.db import migrations


def move_addresses(apps, schema_editor):
    """Copy every address to the profile, sealed; take it from the accounts that have no password."""
    from therapybridge.core.crypto import keyed_hash

    User, Profile = apps.get_model("accounts", "User"), apps.get_model("accounts", "PatientProfile")
    for patient in User.objects.filter(role="patient", email__isnull=False).iterator(chunk_size=500):
        profile = Profile.objects.filter(patient=patient).first() or Profile(patient=patient)
        profile.email, profile.email_index = patient.email, keyed_hash("patient.email", patient.email)
        profile.save()
        if not patient.password or patient.password.startswith("!"):
            User.objects.filter(pk=patient.pk).update(email=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_contact_address")]

    operations = [migrations.RunPython(move_addresses, migrations.RunPython.noop)]
