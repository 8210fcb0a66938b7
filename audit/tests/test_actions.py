"""What can be put on record is declared, once, with words for people."""

import ast
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from audit import audit_actions
from audit.log import record
from therapybridge.core.actor import SYSTEM
from therapybridge.tests.our_apps import OUR_APPS

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"record", "log.record", "deny", "log.deny", "page", "open_record", "open_record_to_write"}


def actions_by_name() -> list[str]:
    """Where the code names an action as text instead of by its constant."""
    found = []
    for app in OUR_APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if {"tests", "migrations"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                named = isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in WRITERS
                if named and isinstance(node.args[0], ast.Constant):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.args[0].value}")
    return found


@pytest.mark.django_db
def test_an_action_that_nobody_declared_is_not_put_on_record():
    with pytest.raises(LookupError):
        record("session.unheard_of", by=SYSTEM)


def test_a_name_is_declared_once():
    with pytest.raises(ImproperlyConfigured):
        audit_actions.declare("session.read", "opened a session")


def test_every_action_has_words_for_patients_and_for_staff():
    actions = audit_actions._declared.values()
    assert len(actions) >= 100
    for action in actions:
        for words in (action.told(to_patient=True), action.told("3 March 2026", to_patient=False)):
            assert words.strip()
            assert not {"{", "}"} & set(words), action
    assert audit_actions.declared("patient.read").told(to_patient=True) == "opened your record"
    assert audit_actions.declared("patient.read").told(to_patient=False) == "opened the record"


def test_categories_are_the_first_words():
    assert {"session", "patient", "audit", "second_factor"} <= set(audit_actions.categories())


def test_reads_are_told_from_changes():
    reads = set(audit_actions.reads())
    assert {"patient.read", "session.listed", "disclosure.downloaded", "audit.exported"} <= reads
    assert not {"patient.updated", "session.retried", "user.signed_in"} & reads


def test_the_code_names_actions_by_their_constants():
    """A name that nobody declares is then missing when the module is imported, not when somebody acts."""
    assert actions_by_name() == []
