"""A database that refuses new audit rows, as if its disk were full."""

from django.db import connection

ON_POSTGRESQL = connection.vendor == "postgresql"
FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_test_full() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
)
BREAK = (
    "CREATE TRIGGER audit_test_full BEFORE INSERT ON audit_auditevent FOR EACH ROW EXECUTE FUNCTION audit_test_full()"
    if ON_POSTGRESQL
    else "CREATE TRIGGER audit_test_full BEFORE INSERT ON audit_auditevent BEGIN SELECT RAISE(ABORT, 'disk full'); END"
)
MEND = "DROP TRIGGER IF EXISTS audit_test_full" + (" ON audit_auditevent" if ON_POSTGRESQL else "")


def break_trail() -> None:
    with connection.cursor() as cursor:
        if ON_POSTGRESQL:
            cursor.execute(FUNCTION)
        cursor.execute(BREAK)


def mend_trail() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MEND)
