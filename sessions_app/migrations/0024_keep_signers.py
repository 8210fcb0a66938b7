"""A signed note keeps its author, signatures and addenda keep theirs, and none of what was added to it is taken away.

Whose note it is belongs to what was signed, so no account that wrote one is removed. The names below a signature or an
addendum stand in the row; removing such an account only empties the column. As before, on SQLite the application alone
refuses a DELETE. A later migration that changes these tables on SQLite has to call `remove` before and `install` after.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SIGNED = "('signed', 'amended', 'archived')"
SENTENCE = "A signed note is never changed."
NOTE = "sessions_app_sessionnote"
PARTS = ("sessions_app_noteversion", "sessions_app_notesignature", "sessions_app_noteaddendum")


def _conditions(vendor):
    """Table → when an UPDATE of it is refused."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return {
        NOTE: f"OLD.status IN {SIGNED} AND OLD.author_id {differs} NEW.author_id",
        "sessions_app_notesignature": f"NEW.signer_id IS NOT NULL AND OLD.signer_id {differs} NEW.signer_id",
        "sessions_app_noteaddendum": f"NEW.author_id IS NOT NULL AND OLD.author_id {differs} NEW.author_id",
    }


def _name(table, what):
    return f"{table.removeprefix('sessions_app_')}_{what}"


def _installing(vendor):
    if vendor != "postgresql":
        for table, condition in _conditions(vendor).items():
            yield (
                f"CREATE TRIGGER {_name(table, 'keep_person')} BEFORE UPDATE ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    for table, condition in _conditions(vendor).items():
        yield (
            f"CREATE TRIGGER {_name(table, 'keep_person')} BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION note_refuse_update()"
        )
    yield f"""
        CREATE FUNCTION note_part_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT 1 FROM {NOTE} WHERE id = OLD.note_id AND status IN {SIGNED}) THEN
                RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    for table in PARTS:
        yield (
            f"CREATE CONSTRAINT TRIGGER {_name(table, 'refuse_delete')} AFTER DELETE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_part_refuse_delete()"
        )


def _removing(vendor):
    for table in _conditions(vendor):
        where = f" ON {table}" if vendor == "postgresql" else ""
        yield f"DROP TRIGGER {_name(table, 'keep_person')}{where}"
    if vendor == "postgresql":
        for table in PARTS:
            yield f"DROP TRIGGER {_name(table, 'refuse_delete')} ON {table}"
        yield "DROP FUNCTION note_part_refuse_delete()"


def install(apps, schema_editor):
    for statement in _installing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in _removing(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0023_expect_the_finish")]

    operations = [
        migrations.AlterField(
            model_name="sessionnote",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(install, remove),
    ]
