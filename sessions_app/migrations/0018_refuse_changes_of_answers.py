"""What a patient asked for, the answer to it and a statement of disagreement are never rewritten, whatever the client.

As with signed notes: encrypted columns may change together with the id of their key, and on SQLite the application alone
refuses a DELETE. A later migration that changes the table on SQLite has to call `remove` before and `install` after.
"""

from django.db import migrations

TABLE = "sessions_app_amendmentrequest"
SENTENCE = "The answer to a request is never changed."
# When the columns are fixed → plain columns, and encrypted ones.
FIXED = {
    "TRUE": (["id", "created_at", "note_id", "patient_id"], ["text"]),
    "OLD.status <> 'open'": (
        ["status", "due_date", "extended_at", "answered_at", "addendum_id", "ground"],
        ["extension_reason", "answer"],
    ),
    "OLD.statement_at IS NOT NULL": (["statement_at"], ["statement"]),
}
# Removing the account of who answered empties the column.
OTHER_PERSON = "OLD.answered_by_id <> NEW.answered_by_id"


def _key(vendor, value):
    """The part of an encrypted value that names its key: `v1.<key id>.`"""
    if vendor == "postgresql":
        return rf"substring({value} from 1 for 3 + position('\x2e'::bytea in substring({value} from 4)))"
    return f"substr({value}, 1, 3 + instr(substr({value}, 4), x'2e'))"


def _changed(vendor, columns, sealed):
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    plain = [f'OLD."{name}" {differs} NEW."{name}"' for name in columns]
    pairs = [(f'OLD."{name}"', f'NEW."{name}"') for name in sealed]
    rewritten = [f"({old} <> {new} AND {_key(vendor, old)} = {_key(vendor, new)})" for old, new in pairs]
    filled = [f"(({old} IS NULL) <> ({new} IS NULL))" for old, new in pairs]
    return " OR ".join([*plain, *rewritten, *filled])


def _condition(vendor):
    """When an UPDATE is refused."""
    parts = [f"({when} AND ({_changed(vendor, *columns)}))" for when, columns in FIXED.items()]
    return " OR ".join([*parts, f"({OTHER_PERSON})"])


def _installing(vendor):
    if vendor != "postgresql":
        yield (
            f"CREATE TRIGGER amendmentrequest_refuse_update BEFORE UPDATE ON {TABLE} WHEN {_condition(vendor)}"
            f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        return
    refusal = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';"
    yield f"CREATE FUNCTION amendment_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal} END $$"
    yield (
        f"CREATE TRIGGER amendmentrequest_refuse_update BEFORE UPDATE ON {TABLE} FOR EACH ROW"
        f" WHEN ({_condition(vendor)}) EXECUTE FUNCTION amendment_refuse_update()"
    )
    yield f"""
        CREATE FUNCTION amendment_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF OLD.status <> 'open' AND EXISTS (SELECT 1 FROM accounts_user WHERE id = OLD.patient_id) THEN
                {refusal}
            END IF;
            RETURN NULL;
        END $$
        """
    yield (
        f"CREATE CONSTRAINT TRIGGER amendmentrequest_refuse_delete AFTER DELETE ON {TABLE}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION amendment_refuse_delete()"
    )


def _removing(vendor):
    where = f" ON {TABLE}" if vendor == "postgresql" else ""
    yield f"DROP TRIGGER amendmentrequest_refuse_update{where}"
    if vendor == "postgresql":
        yield f"DROP TRIGGER amendmentrequest_refuse_delete ON {TABLE}"
        yield "DROP FUNCTION amendment_refuse_delete()"
        yield "DROP FUNCTION amendment_refuse_update()"


def install(apps, schema_editor):
    for statement in _installing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in _removing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0017_protect_private_notes")]

    operations = [migrations.RunPython(install, remove)]
