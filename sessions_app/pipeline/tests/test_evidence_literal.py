"""Numbers, quotations, tasks and statuses: what is said in other words passes, what contradicts it does not."""

import pytest

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.tests.test_evidence import judged, of_text, outcome, proof
from sessions_app.tests.talk import talk

NUMBERS = talk(
    ("therapist", "And the meetings?"),
    ("patient", "Four a week, I sit there for half an hour. It costs me seven grand a year, and two of that is fuel."),
    ("therapist", "How strong is the urge, zero to ten?"),
    ("patient", "Threes, mostly. It ended on the second of January, I woke at half three, and I had it nine hours."),
)


@pytest.mark.parametrize(
    ("text", "cited", "reason"),
    [
        ("The patient goes to four meetings weekly.", (0, 1), ""),
        ("The patient sits there for 30 minutes.", (1,), ""),
        ("It costs the patient £7,000 a year, of which £2,000 is fuel.", (1,), ""),
        ("The urge is mostly at 3 out of 10.", (2, 3), ""),
        ("It ended on 2 January; the patient woke at 3.30.", (3,), ""),
        ("It ended on 1 January; the patient woke at 3.30.", (3,), "number"),
        ("The patient sits there for 40 minutes.", (1,), "number"),
        ("The patient had it for nine minutes.", (3,), "unit"),
        ("The urge is mostly at 5 out of 10.", (2, 3), "number"),
    ],
)
def test_numbers_are_compared_as_they_are_said_and_measures_of_a_kind_exclude_each_other(text, cited, reason):
    assert of_text(text, *cited, segments=NUMBERS)[1] in ({reason} if reason else {"", "content"})


TASKS = talk(
    ("therapist", "For the next two weeks: a walk after lunch, with your neighbour."),
    ("patient", "Yes. After the kids are at school."),
    ("patient", "I'll ring the practice tomorrow about the shaking."),
    ("therapist", "Good. Please do that."),
    ("therapist", "How are the girls?"),
    ("patient", "I'll call my sister."),
    ("therapist", "What about the train?"),
)


@pytest.mark.parametrize(
    ("task", "cited", "reason"),
    [
        ("Take a walk after lunch with your neighbour.", (0, 1), ""),
        ("Ring the practice tomorrow about the shaking.", (2, 3), ""),
        ("Call your sister.", (5,), "own_plan"),
        ("Sell the house and the car after lunch.", (0, 1), "instruction"),
    ],
)
def test_a_task_was_set_and_accepted_or_planned_and_welcomed(task, cited, reason):
    item = schema.ActionItem(task=task, category="", details="", evidence=proof(*cited))
    assert outcome(judged(TASKS, action_items=[item]))[1] == reason


@pytest.mark.parametrize(("status", "state"), [("practiced", "supported"), ("assigned", "check")])
def test_a_status_is_only_doubted_for_what_the_lines_say_against_it(status, state):
    said = talk(("patient", "I went for a run on Sunday and it passed."), ("therapist", "Let's do it right now."))
    item = schema.Strategy(name="Going for a run", category="", status=status, context="", evidence=proof(0))
    assert outcome(judged(said, strategies=[item]))[0] == state


def test_a_quotation_that_is_only_spoken_of_may_be_anybodys():
    said = talk(("therapist", 'And "I did what I could", one to seven?'), ("patient", "Five. I never said goodbye."))
    assert of_text("She rated “I did what I could” at five.", 0, 1, segments=said) == ("supported", "")
    assert of_text("She said “I did what I could”.", 0, 1, segments=said) == ("refused", "speaker")


def test_a_no_with_more_behind_it_is_a_denial_where_the_statement_keeps_the_limit():
    said = talk(
        ("therapist", "Any thoughts of ending your life?"), ("patient", "No. But I would not mind not waking up.")
    )
    text = "Asked about thoughts of ending his life, he answered no, but would not mind not waking up."
    assert of_text(text, 0, 1, segments=said) == ("supported", "")
    assert of_text("He denied thoughts of ending his life.", 0, 1, segments=said) == ("check", "denial")


def test_what_a_doctor_ordered_or_the_patient_needs_is_told_and_not_an_instruction():
    said = talk(("patient", "Doctor Bell told me I must rest more. Then I need to check again, only for a minute."))
    assert of_text("Doctor Bell told the patient that she must rest more.", 0, segments=said)[1] != "instruction"
    assert of_text("The patient needs to check again for a minute.", 0, segments=said) == ("supported", "")
    assert of_text("The patient must sell the house.", 0, segments=said) == ("refused", "instruction")
