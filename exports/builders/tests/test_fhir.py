"""The record as a FHIR R4 bundle: by the official schema, by fhir.resources, and against the record."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest

from accounts.consent.choices import ConsentStatus
from exports.builders import build
from exports.builders.fhir import bundle
from exports.builders.fhir.codes import (
    CONSENT_STATES,
    GOAL_STATES,
    MILESTONE_STATES,
    PLAN_STATES,
    SIGNATURES,
)
from exports.builders.fhir.sessions import TASK_STATES
from exports.builders.tests.fhir_schema import errors_of, parsed
from exports.choices import ExportKind
from exports.records.record import Record
from exports.records.treatment import Result
from exports.tests.record_people import DAY, an_id
from exports.tests.records import ODD_TEXTS, empty_record, full_record, record_with
from sessions_app.action_items.choices import ItemStatus
from sessions_app.notes.choices import SignatureRole
from treatment.goals.choices import GoalStatus
from treatment.plans.choices import MilestoneStatus, PlanStatus

Json = dict[str, Any]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
XHTML = "{http://www.w3.org/1999/xhtml}"
WITHOUT_NARRATIVE = {"Binary", "Bundle"}


def part_2(record: Record) -> Record:
    return replace(record, about=replace(record.about, is_part_2=True))


RECORDS = {
    "full": full_record,
    "empty": empty_record,
    "odd": lambda: full_record(odd=True),
    "part 2": lambda: part_2(full_record()),
    "two plans": lambda: record_with(plans=2, sessions=5),
    **{kind.value: lambda kind=kind: full_record(kind=kind) for kind in ExportKind},
}


def resources(record: Record, kind: str = "") -> list[Json]:
    every = [entry["resource"] for entry in bundle(record)["entry"]]
    return [one for one in every if kind in {"", one["resourceType"]}]


def the(record: Record, id: object) -> Json:
    return next(one for one in resources(record) if one["id"] == str(id))


def every_object(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for one in value:
            yield from every_object(one)
    elif isinstance(value, dict):
        yield value
        yield from every_object(list(value.values()))


def text_of(record: Record, document: Json) -> str:
    url = document["content"][0]["attachment"]["url"]
    held = next(one for one in bundle(record)["entry"] if one["fullUrl"] == url)["resource"]
    return base64.b64decode(held["data"]).decode()


@pytest.mark.parametrize("name", RECORDS)
def test_every_resource_keeps_to_the_official_schema_and_to_fhir_resources(name):
    whole = bundle(RECORDS[name]())
    assert [error for one in whole["entry"] for error in errors_of(one["resource"])] == []
    for entry in whole["entry"]:
        assert parsed(entry["resource"]).id == entry["resource"]["id"]
    envelope = {**whole, "entry": [{"fullUrl": one["fullUrl"]} for one in whole["entry"]]}
    assert errors_of(envelope) == []
    assert parsed(envelope).type == "collection"


def test_the_schema_would_see_a_mistake():
    goal = resources(full_record(), "Goal")[0]
    assert errors_of({**goal, "lifecycleStatus": "done"})
    assert errors_of({**goal, "mood": 3})


@pytest.mark.parametrize("name", RECORDS)
def test_every_reference_leads_to_a_resource_of_its_type(name):
    whole = bundle(RECORDS[name]())
    types = {one["fullUrl"]: one["resource"]["resourceType"] for one in whole["entry"]}
    assert len(types) == len(whole["entry"])
    for one in every_object(whole):
        if isinstance(one.get("reference"), str):
            assert types[one["reference"]] == one["type"]
    urls = [one["attachment"]["url"] for entry in whole["entry"] for one in entry["resource"].get("content", [])]
    assert {types[url] for url in urls} <= {"Binary"}


def test_a_reference_to_what_was_left_out_is_an_identifier():
    record = replace(full_record(), sessions=[])
    note = the(record, record.notes[0].id)
    encounter = note["context"]["encounter"][0]
    assert "reference" not in encounter
    assert encounter["identifier"]["value"] == f"urn:uuid:{record.notes[0].session}"


def test_ids_are_those_of_the_record_and_the_same_in_every_export():
    record = full_record()
    assert bundle(record) == bundle(record)
    ids = {one["id"] for one in resources(record)}
    assert {str(one.id) for one in [*record.sessions, *record.notes, *record.treatment.goals]} <= ids
    later = replace(record, about=replace(record.about, made_at=record.about.made_at + timedelta(days=1)))
    assert {one["id"] for one in resources(later)} == ids


def test_everything_that_the_record_holds_is_there():
    record = full_record()
    notes, treatment = record.notes, record.treatment
    parts = [
        *(record.patient, record.practice, *record.staff, *record.consents, *record.disclosures),
        *(*record.access_requests, *record.sessions, *notes, *record.private_notes, *record.action_items),
        *(*record.risk_reviews, *record.events),
        *(one for note in notes for one in (*note.signatures, *note.addenda, *note.corrections, *note.versions)),
        *(one for session in record.sessions for one in (session.transcript, session.summary, *session.drafts)),
        *(*treatment.plans, *treatment.goals, *treatment.results, *treatment.check_ins),
        *(one for plan in treatment.plans for one in plan.versions),
        *(one for goal in treatment.goals for one in goal.ratings),
        *(one for tracker in treatment.trackers for one in tracker.entries),
    ]
    ids = {one["id"] for one in resources(record)}
    assert [one for one in parts if str(one.id) not in ids] == []


def test_the_words_of_the_rest_are_there_too():
    record = full_record()
    written = json.dumps(bundle(record), ensure_ascii=False)
    plan, goal = record.treatment.plans[0], record.treatment.goals[2]
    words = [one.description for one in plan.milestones] + [one.notes for one in plan.reviews]
    words += [one.name for one in goal.interventions] + list(goal.smart.values()) + [goal.plain_wording]
    words += [one.reason for one in record.withheld] + [one.reason for one in record.risk_reviews]
    words += [record.patient.emergency_contact, record.patient.pronouns]
    assert [one for one in words if one not in written] == []


@pytest.mark.parametrize("name", ["full", "odd"])
def test_every_resource_has_a_narrative_of_nothing_but_text(name):
    for one in resources(RECORDS[name]()):
        if one["resourceType"] in WITHOUT_NARRATIVE:
            continue
        div = ElementTree.fromstring(one["text"]["div"])
        assert {element.tag.removeprefix(XHTML) for element in div.iter()} <= {"div", "p", "b", "ul", "li", "br"}
        assert "".join(div.itertext()).strip()
        assert all(set(element.attrib) <= {"lang"} for element in div.iter())


def test_characters_that_xml_cannot_hold_break_nothing():
    record = full_record()
    hostile = replace(record.patient, pronouns="a\x00b\x0cc\ud800d\u00a0e\ufffef", address=" \n ")
    patient = the(replace(record, patient=hostile), hostile.id)
    assert ElementTree.fromstring(patient["text"]["div"]) is not None
    assert patient["extension"][0]["extension"][0]["valueCodeableConcept"]["text"] == "a\ufffdb\ufffdc\ufffdd e\ufffdf"
    assert "address" not in patient
    assert errors_of(patient) == []
    file = BytesIO()
    build("fhir", replace(record, patient=hostile), file)
    assert json.loads(file.getvalue())["resourceType"] == "Bundle"


def test_moments_have_a_zone():
    whole = bundle(full_record())
    stamps = [whole["timestamp"]]
    for one in every_object(whole):
        stamps += [one[name] for name in ("recorded", "when", "dateTime", "occurredDateTime") if name in one]
    assert len(stamps) > 10
    assert all(INSTANT.fullmatch(stamp) for stamp in stamps)


@pytest.mark.parametrize("odd", [False, True])
def test_a_note_is_whole_and_its_hash_right(odd):
    record = full_record(odd=odd)
    note = record.notes[0]
    document = the(record, note.id)
    text = text_of(record, document)
    assert all(field.text in text for section in note.sections for field in section.fields)
    assert note.without_goal in text
    digest = hashlib.sha1(text.encode()).digest()
    assert document["content"][0]["attachment"]["hash"] == base64.b64encode(digest).decode()
    assert document["content"][0]["attachment"]["size"] == len(text.encode())
    assert document["type"]["coding"][0]["code"] == "11506-3"


def test_a_draft_is_no_final_document_and_a_signed_note_names_who_answers_for_it():
    record = full_record()
    signed, unsigned = (the(record, note.id) for note in record.notes[:2])
    assert (signed["docStatus"], unsigned["docStatus"]) == ("final", "preliminary")
    assert signed["authenticator"]["display"] == "Mara Vogel"
    assert "authenticator" not in unsigned


def test_a_signature_says_who_when_in_which_role_and_over_what():
    record = full_record()
    note = record.notes[0]
    first, second = (the(record, one.id) for one in note.signatures)
    assert first["target"][0]["reference"] == f"urn:uuid:{note.id}"
    assert datetime.fromisoformat(first["recorded"]) == note.signatures[0].signed_at
    assert first["entity"][0]["what"]["identifier"]["value"] == note.content_hash
    assert [one["signature"][0]["type"][0]["display"] for one in (first, second)] == [
        "Author's Signature",
        "Verification Signature",
    ]
    assert second["agent"][0]["who"]["display"] == "Tom Weiss"


def test_addenda_and_corrections_append_to_their_note():
    record = full_record()
    note = record.notes[0]
    for one in (*note.addenda, *note.corrections):
        [related] = the(record, one.id)["relatesTo"]
        assert (related["code"], related["target"]["reference"]) == ("appends", f"urn:uuid:{note.id}")
    assert note.corrections[1].statement in text_of(record, the(record, note.corrections[1].id))


def codes(resource: Json) -> list[str]:
    return [one["code"] for one in resource["meta"]["security"]]


def test_psychotherapy_notes_and_private_events_are_labelled_as_what_they_are():
    record = full_record()
    private = the(record, record.private_notes[0].id)
    binary = next(one for one in resources(record, "Binary") if private["id"] in json.dumps(one))
    for one in (private, binary):
        assert {"V", "PSYTHPN", "HIPAAPsyNotes"} <= set(codes(one))
    assert codes(the(record, record.events[1].id))[0] == "V"
    assert codes(the(record, record.events[2].id))[0] == "R"


def test_every_resource_is_labelled_and_part_2_forbids_to_pass_it_on():
    assert all(codes(one) == ["R", "MH"] for one in resources(empty_record()))
    flagged = part_2(full_record())
    assert all({"42CFRPart2", "NORDSCLCD"} <= set(codes(one)) for one in resources(flagged))
    assert "42CFRPart2" in codes(bundle(flagged))
    assert not any("42CFRPart2" in codes(one) for one in resources(full_record()))
    assert "42 CFR part 2 prohibits" in resources(flagged, "OperationOutcome")[0]["issue"][0]["details"]["text"]


def test_what_is_withheld_is_named_as_suppressed():
    record = full_record()
    [outcome] = resources(record, "OperationOutcome")
    assert [one["code"] for one in outcome["issue"]] == ["suppressed", "suppressed"]
    for issue, withheld in zip(outcome["issue"], record.withheld, strict=True):
        assert withheld.what in issue["details"]["text"]
        assert withheld.reason in issue["details"]["text"]
    assert "REDACTED" in codes(bundle(record))
    assert resources(replace(record, withheld=[]), "OperationOutcome") == []


@pytest.mark.parametrize(
    ("key", "loinc"), [("phq-9", "44261-6"), ("gad-7", "70274-6"), ("pcl-5", None), ("bdi-ii", None)]
)
def test_a_total_has_the_loinc_code_that_is_known_for_it_and_no_other(key, loinc):
    outcome = {"answers": {"1": 2, "2": None}, "total": 14, "band": "moderate", "subscales": {"b": 3}, "prorated": True}
    result = Result(
        id=an_id("r"), instrument=key, instrument_version=1, name=key, day=DAY, outcome=outcome, filled_by="patient"
    )
    record = full_record()
    record = replace(record, treatment=replace(record.treatment, results=[result]))
    [response] = resources(record, "QuestionnaireResponse")
    total = next(one for one in resources(record, "Observation") if "derivedFrom" in one)
    found = [one["code"] for one in total["code"]["coding"] if one["system"] == "http://loinc.org"]
    assert found == ([loinc] if loinc else [])
    assert total["valueQuantity"]["value"] == 14
    assert total["derivedFrom"][0]["reference"] == f"urn:uuid:{response['id']}"
    assert response["author"]["type"] == "Patient"
    assert "answer" not in response["item"][1]
    assert errors_of(total) == errors_of(response) == []


def test_answers_have_the_words_of_our_version_and_only_of_that():
    outcome = {"answers": {"1": 2}, "total": 2}
    result = Result(
        id=an_id("r"), instrument="phq-9", instrument_version=1, name="PHQ-9", day=DAY, outcome=outcome, filled_by="x"
    )
    record = full_record()

    def item(one: Result) -> Json:
        changed = replace(record, treatment=replace(record.treatment, results=[one]))
        return resources(changed, "QuestionnaireResponse")[0]["item"][0]

    assert item(result)["text"].startswith("Little interest")
    assert item(result)["answer"][0]["valueCoding"]["display"] == "More than half the days"
    assert item(replace(result, instrument_version=9)) == {
        "linkId": "1",
        "text": "Item 1",
        "answer": [{"valueInteger": 2}],
    }


def test_an_event_that_is_derived_from_what_is_there_adds_nothing():
    record = full_record()
    derived = replace(record.events[0], source=record.sessions[0].id)
    changed = replace(record, events=[derived, *record.events[1:]])
    assert str(derived.id) not in {one["id"] for one in resources(changed)}
    assert str(derived.id) in {one["id"] for one in resources(replace(changed, sessions=[]))}


def test_goals_and_plans_stand_for_one_another():
    record = full_record()
    plan, goals = record.treatment.plans[0], record.treatment.goals
    care_plan = the(record, plan.id)
    assert [one["reference"] for one in care_plan["goal"]] == [f"urn:uuid:{one.id}" for one in goals]
    above = the(record, goals[0].id)
    assert above["extension"][0]["extension"][1]["valueReference"]["reference"] == f"urn:uuid:{goals[1].id}"
    codes = Counter(one["code"]["text"] for one in resources(record, "Condition"))
    assert codes["Generalized anxiety disorder"] == 1
    assert len(care_plan["addresses"]) == 2


def test_a_diagnosis_of_an_ended_plan_is_not_said_to_last():
    record = full_record()
    ended = replace(record.treatment.plans[0], status="completed", ended_date=DAY)
    changed = replace(record, treatment=replace(record.treatment, plans=[ended]))
    assert any("clinicalStatus" in one for one in resources(record, "Condition"))
    assert not any("clinicalStatus" in one for one in resources(changed, "Condition"))


def test_what_was_withdrawn_is_marked_as_a_mistake():
    record = full_record()
    old = record.treatment
    mistake = replace(old.results[0], id=an_id("mistake"), outcome={})
    slip = replace(old.trackers[0].entries[0], id=an_id("slip"), value=None)
    tracker = replace(old.trackers[0], withdrawn=[slip])
    changed = replace(record, treatment=replace(old, withdrawn=[mistake], trackers=[tracker]))
    for one in (the(changed, mistake.id), the(changed, slip.id)):
        assert one["status"] == "entered-in-error"
        assert errors_of(one) == []


def test_every_choice_has_its_code():
    for choices, known in (
        (PlanStatus, PLAN_STATES),
        (GoalStatus, GOAL_STATES),
        (MilestoneStatus, MILESTONE_STATES),
        (ConsentStatus, CONSENT_STATES),
        (ItemStatus, TASK_STATES),
        (SignatureRole, SIGNATURES),
    ):
        assert set(choices.values) == set(known)


def test_odd_texts_survive_in_documents():
    record = full_record(odd=True)
    text = text_of(record, the(record, record.notes[0].addenda[0].id))
    assert all(one in text for one in ODD_TEXTS)
