"""What a risk review is about never changes, it never becomes due later, and neither its disposition nor its history does.

As with signed notes: encrypted columns may change together with the id of their key, an account that is removed leaves
its columns empty, and on SQLite the application alone refuses a DELETE. A later migration that changes these tables on
SQLite has to call `remove` before and `install` after.
"""

from django.db import migrations

REVIEW, ENTRY = "sessions_app_riskreview", "sessions_app_riskreviewentry"
SENTENCE = "Risk reviews are kept."
FIXED = ["id", "created_at", "opened_at", "session_id", "patient_id", "clinic_id"]
CLOSED = ["status", "due_at", "escalate_at", "acknowledged_at", "disposition", "disposed_at", "revision"]
SEALED = ["seen", "reason"]
CLOSED_BY = ["owner_id", "acknowledged_by_id", "disposed_by_id"]
HISTORY, HISTORY_BY = ["id", "created_at", "review_id", "kind", "happened_at"], ["by_id", "to_id"]


def _key(vendor, value):
    """The part of an encrypted value that names its key: `v1.<key id>.`"""
    if vendor == "postgresql":
        return rf"substring({value} from 1 for 3 + position('\x2e'::bytea in substring({value} from 4)))"
    return f"substr({value}, 1, 3 + instr(substr({value}, 4), x'2e'))"


def _changed(vendor, columns, sealed=(), people=()):
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    plain = [f'OLD."{name}" {differs} NEW."{name}"' for name in columns]
    pairs = [(f'OLD."{name}"', f'NEW."{name}"') for name in sealed]
    rewritten = [f"({old} <> {new} AND {_key(vendor, old)} = {_key(vendor, new)})" for old, new in pairs]
    filled = [f"(({old} IS NULL) <> ({new} IS NULL))" for old, new in pairs]
    others = [f'(NEW."{name}" IS NOT NULL AND OLD."{name}" {differs} NEW."{name}")' for name in people]
    return " OR ".join([*plain, *rewritten, *filled, *others])


def _conditions(vendor):
    """Table → when an UPDATE of it is refused."""
    closed = f"(OLD.status = 'disposed' AND ({_changed(vendor, CLOSED, SEALED, CLOSED_BY)}))"
    later = "NEW.due_at > OLD.due_at OR NEW.revision < OLD.revision"
    return {
        REVIEW: f"{_changed(vendor, FIXED)} OR {later} OR {closed}",
        ENTRY: _changed(vendor, HISTORY, people=HISTORY_BY),
    }


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
    yield f"CREATE FUNCTION risk_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal} END $$"
    for table, condition in _conditions(vendor).items():
        yield (
            f"CREATE TRIGGER {_short(table)}_refuse_update BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION risk_refuse_update()"
        )
        yield (
            f"CREATE TRIGGER {_short(table)}_refuse_delete BEFORE DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION risk_refuse_update()"
        )


def _removing(vendor):
    for table in _conditions(vendor):
        where = f" ON {table}" if vendor == "postgresql" else ""
        yield f"DROP TRIGGER {_short(table)}_refuse_update{where}"
        if vendor == "postgresql":
            yield f"DROP TRIGGER {_short(table)}_refuse_delete ON {table}"
    if vendor == "postgresql":
        yield "DROP FUNCTION risk_refuse_update()"


def install(apps, schema_editor):
    for statement in _installing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in _removing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0021_risk_reviews")]

    operations = [migrations.RunPython(install, remove)]
