"""A signed note becomes amended by an addendum, is archived, and comes back as what it was: nothing else moves it.

What is said about an archiving is never rewritten. As before, on SQLite the application alone refuses a DELETE. A later
migration that changes these tables, or those of notes and addenda, on SQLite has to call `remove` before and `install`
after.
"""

from importlib import import_module

from django.db import migrations

refused = import_module("sessions_app.migrations.0010_refuse_changes_of_signed_notes")
NOTE, ADDENDUM, STEP = "sessions_app_sessionnote", "sessions_app_noteaddendum", "sessions_app_archivestep"
SENTENCE = refused.SENTENCE
MOVES = "('signed amended', 'signed archived', 'amended archived', 'archived signed', 'archived amended')"
FIXED = ["id", "created_at", "note_id", "move", "moved_at"]
SEALED = ["reason", "moved_by_name"]


def _wrong_move(vendor):
    """When a signed note is refused another status, or another time of archiving."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    has_addendum = f"EXISTS (SELECT 1 FROM {ADDENDUM} WHERE note_id = NEW.id)"
    misstated = f"NEW.status <> 'archived' AND (NEW.status = 'amended') <> {has_addendum}"
    wrong = f"OLD.status || ' ' || NEW.status NOT IN {MOVES} OR ({misstated})"
    moved = f"OLD.status <> NEW.status AND ({wrong})"
    redated = f"OLD.status = NEW.status AND OLD.archived_at {differs} NEW.archived_at"
    return f"OLD.status IN {refused.SIGNED} AND (({moved}) OR ({redated}))"


def _rewritten(vendor):
    """When an archiving is refused other words; removing the account of who did it empties the column."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    other_person = f"(NEW.moved_by_id IS NOT NULL AND OLD.moved_by_id {differs} NEW.moved_by_id)"
    return f"{refused._changed(vendor, FIXED, SEALED)} OR {other_person}"


def _installing(vendor):
    if vendor != "postgresql":
        for table, name, condition in (
            (NOTE, "sessionnote_refuse_move", _wrong_move(vendor)),
            (STEP, "archivestep_refuse_update", _rewritten(vendor)),
        ):
            yield (
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    yield f"""
        CREATE FUNCTION note_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {_wrong_move(vendor)} THEN
                RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    yield (
        f"CREATE TRIGGER sessionnote_refuse_move BEFORE UPDATE ON {NOTE} FOR EACH ROW"
        " EXECUTE FUNCTION note_refuse_move()"
    )
    yield (
        f"CREATE TRIGGER archivestep_refuse_update BEFORE UPDATE ON {STEP} FOR EACH ROW"
        f" WHEN ({_rewritten(vendor)}) EXECUTE FUNCTION note_refuse_update()"
    )
    yield (
        f"CREATE CONSTRAINT TRIGGER archivestep_refuse_delete AFTER DELETE ON {STEP}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_part_refuse_delete()"
    )


def _removing(vendor):
    on_note, on_step = (f" ON {NOTE}", f" ON {STEP}") if vendor == "postgresql" else ("", "")
    yield f"DROP TRIGGER sessionnote_refuse_move{on_note}"
    yield f"DROP TRIGGER archivestep_refuse_update{on_step}"
    if vendor == "postgresql":
        yield f"DROP TRIGGER archivestep_refuse_delete{on_step}"
        yield "DROP FUNCTION note_refuse_move()"


def install(apps, schema_editor):
    for statement in _installing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in _removing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0027_archive_notes")]

    operations = [migrations.RunPython(install, remove)]
