"""A decision of the ledger is never rewritten, whatever the client.

Only the two sealed names may change: sealing them again under a new key is an UPDATE. On PostgreSQL a decision cannot
be taken out either, unless the whole patient goes in the same transaction. SQLite has no trigger that waits for the end
of a transaction, and removing a patient removes the entries first: there the application alone refuses.

SQLite changes a table by copying it, and triggers do not come along: a later migration that does so has to call
`remove` before and `install` after.
"""

from django.db import migrations

KEPT = [
    "id",
    "created_at",
    "updated_at",
    "patient_id",
    "consent_type",
    "status",
    "version",
    "text",
    "method",
    "signed_at",
    "signer_role",
    "recorded_by_id",
    "ip",
    "expires_at",
]
SENTENCE = "The consent ledger is append-only."


def _changed(operator):
    return " OR ".join(f'OLD."{name}" {operator} NEW."{name}"' for name in KEPT)


SQLITE = [
    f"""
    CREATE TRIGGER consent_refuse_update BEFORE UPDATE ON accounts_consententry WHEN {_changed("IS NOT")}
    BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
    """
]
POSTGRES = [
    f"""
    CREATE FUNCTION consent_refuse_update() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    f"""
    CREATE TRIGGER consent_refuse_update BEFORE UPDATE ON accounts_consententry
    FOR EACH ROW WHEN ({_changed("IS DISTINCT FROM")}) EXECUTE FUNCTION consent_refuse_update()
    """,
    f"""
    CREATE FUNCTION consent_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF EXISTS (SELECT 1 FROM accounts_user WHERE id = OLD.patient_id) THEN
            RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER consent_refuse_delete AFTER DELETE ON accounts_consententry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION consent_refuse_delete()
    """,
]
UNDO_SQLITE = ["DROP TRIGGER consent_refuse_update"]
UNDO_POSTGRES = [
    "DROP TRIGGER consent_refuse_delete ON accounts_consententry",
    "DROP FUNCTION consent_refuse_delete()",
    "DROP TRIGGER consent_refuse_update ON accounts_consententry",
    "DROP FUNCTION consent_refuse_update()",
]


def install(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in UNDO_POSTGRES if schema_editor.connection.vendor == "postgresql" else UNDO_SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_move_contact_addresses")]

    operations = [migrations.RunPython(install, remove)]
