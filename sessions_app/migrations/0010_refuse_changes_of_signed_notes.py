"""A signed note is never changed or removed, and what is only added to a note is never rewritten, whatever the client.

Encrypted columns may change together with the id of their key, which is what key rotation does; the hash over the text
shows whether more was changed. As with the consent log, SQLite cannot refuse a DELETE without keeping patients from
being removed: there the application alone refuses. SQLite also changes a table by copying it, and triggers do not come
along: a later migration that does so has to call `remove` before and `install` after.
"""

from django.db import migrations

SIGNED = "('signed', 'amended', 'archived')"
SENTENCE = "A signed note is never changed."
NOTE = "sessions_app_sessionnote"
# Table → columns that never change, and encrypted columns.
ADDED = {
    "sessions_app_noteversion": (
        ["id", "created_at", "note_id", "number", "cause", "revision", "template_version_id"],
        ["content"],
    ),
    "sessions_app_notesignature": (
        ["id", "created_at", "note_id", "role", "signed_at", "content_hash"],
        ["signer_name"],
    ),
    "sessions_app_noteaddendum": (
        ["id", "created_at", "note_id", "kind", "signed_at", "content_hash"],
        ["reason", "text", "author_name"],
    ),
    "sessions_app_templateversion": (["id", "created_at", "template_id", "number", "definition"], []),
}
KEPT = [
    "id",
    "created_at",
    "session_id",
    "clinic_id",
    "patient_id",
    "template_version_id",
    "revision",
    "saved_at",
    "completed_at",
    "signed_at",
    "content_hash",
    "deleted_at",
]


def _key(vendor, value):
    """The part of an encrypted value that names its key: `v1.<key id>.`"""
    if vendor == "postgresql":
        return rf"substring({value} from 1 for 3 + position('\x2e'::bytea in substring({value} from 4)))"
    return f"substr({value}, 1, 3 + instr(substr({value}, 4), x'2e'))"


def _changed(vendor, columns, sealed):
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    same = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
    # JSON has no equality of its own on PostgreSQL.
    cast = "::text" if vendor == "postgresql" else ""
    plain = [f'OLD."{name}"{cast} {differs} NEW."{name}"{cast}' for name in columns]
    pairs = [(f'OLD."{name}"', f'NEW."{name}"') for name in sealed]
    rewritten = [
        f"({old} {differs} {new} AND {_key(vendor, old)} {same} {_key(vendor, new)})" for old, new in pairs
    ]
    return " OR ".join([*plain, *rewritten])


def _conditions(vendor):
    """Table → when an UPDATE of it is refused."""
    unsigned_again = f"NEW.status NOT IN {SIGNED}"
    changed = f"{_changed(vendor, KEPT, ['content'])} OR {unsigned_again}"
    found = {NOTE: f"OLD.status IN {SIGNED} AND ({changed})"}
    return found | {table: _changed(vendor, *columns) for table, columns in ADDED.items()}


def _short(table):
    return table.removeprefix("sessions_app_")


def _installing(vendor):
    if vendor != "postgresql":
        for table, condition in _conditions(vendor).items():
            yield (
                f"CREATE TRIGGER {_short(table)}_refuse_update BEFORE UPDATE ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    refusal = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';"
    yield f"CREATE FUNCTION note_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal} END $$"
    for table, condition in _conditions(vendor).items():
        yield (
            f"CREATE TRIGGER {_short(table)}_refuse_update BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION note_refuse_update()"
        )
    yield f"""
        CREATE FUNCTION note_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF OLD.status IN {SIGNED} AND EXISTS (SELECT 1 FROM accounts_user WHERE id = OLD.patient_id) THEN
                {refusal}
            END IF;
            RETURN NULL;
        END $$
        """
    yield (
        f"CREATE CONSTRAINT TRIGGER sessionnote_refuse_delete AFTER DELETE ON {NOTE}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_refuse_delete()"
    )


def _removing(vendor):
    for table in _conditions(vendor):
        where = f" ON {table}" if vendor == "postgresql" else ""
        yield f"DROP TRIGGER {_short(table)}_refuse_update{where}"
    if vendor == "postgresql":
        yield f"DROP TRIGGER sessionnote_refuse_delete ON {NOTE}"
        yield "DROP FUNCTION note_refuse_delete()"
        yield "DROP FUNCTION note_refuse_update()"


def install(apps, schema_editor):
    for statement in _installing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in _removing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0009_write_notes")]

    operations = [migrations.RunPython(install, remove)]
