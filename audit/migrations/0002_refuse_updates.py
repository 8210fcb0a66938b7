"""A row of the trail is never rewritten, whatever the client."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER audit_refuse_update BEFORE UPDATE ON audit_auditevent
    BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END
    """
]
POSTGRES = [
    """
    CREATE FUNCTION audit_refuse_update() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_refuse_update BEFORE UPDATE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_update()
    """,
]
UNDO_SQLITE = ["DROP TRIGGER audit_refuse_update"]
UNDO_POSTGRES = ["DROP TRIGGER audit_refuse_update ON audit_auditevent", "DROP FUNCTION audit_refuse_update()"]


def install(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in UNDO_POSTGRES if schema_editor.connection.vendor == "postgresql" else UNDO_SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
