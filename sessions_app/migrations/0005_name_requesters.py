"""Work from before requesters were kept goes on by the right of the session's therapist."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_requesters(apps, schema_editor):
    """Put the session's therapist where nobody is named."""
    Job, Session = (apps.get_model("sessions_app", name) for name in ("ProcessingJob", "TherapySession"))
    therapist = Session.objects.filter(pk=OuterRef("session")).values("therapist")
    Job.objects.filter(requested_by=None).update(requested_by=Subquery(therapist))


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0004_name_drafted_sessions")]

    operations = [migrations.RunPython(name_requesters, migrations.RunPython.noop)]
