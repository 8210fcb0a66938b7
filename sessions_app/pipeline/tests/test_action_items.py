"""Action items against labelled dialogues. The held-out ones were written before the rules and never used for them."""

import pytest

from sessions_app.pipeline.drafting.tasks import agreed_tasks
from sessions_app.pipeline.tests.corpora.action_item_dialogues import Dialogue, load_real, load_tempting
from sessions_app.tests.talk import talk

REAL = {part: load_real(part) for part in ("seen", "held_out")}
TEMPTING = {part: load_tempting(part) for part in ("seen", "held_out")}


def found_in(dialogue: Dialogue) -> list[str]:
    return [task.text for task in agreed_tasks(dialogue.lines)]


def judged(part: str) -> tuple[float, float]:
    """Precision and recall."""
    found = [(dialogue, text) for dialogue in (*REAL[part], *TEMPTING[part]) for text in found_in(dialogue)]
    right = sum(bool(dialogue.task) and dialogue.sets(text) for dialogue, text in found)
    return right / len(found), right / len(REAL[part])


def test_the_corpus_is_large_and_a_third_is_held_out() -> None:
    real, tempting = ({part: len(cases) for part, cases in each.items()} for each in (REAL, TEMPTING))
    assert sum(real.values()) >= 150
    assert sum(tempting.values()) >= 250
    assert real["held_out"] * 3 >= sum(real.values())
    assert tempting["held_out"] * 3 >= sum(tempting.values())


@pytest.mark.parametrize("part", ["seen", "held_out"])
def test_nearly_all_action_items_are_real(part: str) -> None:
    precision, recall = judged(part)
    assert precision >= 0.85
    assert recall >= 0.7, "fewer than seven of ten are found"


def test_a_task_is_trimmed_to_the_action() -> None:
    [task] = agreed_tasks(
        talk(
            (
                "therapist",
                "So, for next week, I'd like you to write down one worry each evening, does that sound okay?",
            ),
            ("patient", "In the notebook?"),
            ("therapist", "In the notebook is fine."),
            ("patient", "Okay."),
        )
    )
    assert (task.text, task.lines, task.is_agreed) == ("Write down one worry each evening", [0, 3], True)


@pytest.mark.parametrize(
    ("asked", "tasks"),
    [
        ("For homework, please write down one worry each evening.", ["Write down one worry each evening"]),
        ("We'll meet again next Thursday at ten.", []),
    ],
)
def test_a_task_has_no_courtesies_and_an_appointment_is_none(asked: str, tasks: list[str]) -> None:
    said = talk(("therapist", asked), ("patient", "Yes, I can do that."))
    assert [task.text for task in agreed_tasks(said)] == tasks


def test_two_assignments_in_one_sentence_are_two_tasks() -> None:
    tasks = agreed_tasks(
        talk(
            ("therapist", "I'd like you to rate the urge each time, and I'd like you to call Jo on Friday."),
            ("patient", "Okay."),
        )
    )
    assert [task.text for task in tasks] == ["Rate the urge each time", "Call Jo on Friday"]


@pytest.mark.parametrize("speaker", ["patient", "other", "unknown"])
def test_only_a_therapist_sets_homework(speaker: str) -> None:
    assert agreed_tasks(talk((speaker, "I'd like you to call her this week."), ("patient", "Okay."))) == []


def test_a_broken_off_sentence_is_no_task() -> None:
    assert (
        agreed_tasks(talk(("therapist", "For next week I'd like you to write down the..."), ("patient", "Yes."))) == []
    )


@pytest.mark.parametrize(
    ("said", "task"),
    [
        ("I'd like you to complete the, um, the worksheet at home.", ["Complete the worksheet at home"]),
        ("So what I'd like you to do is write down one worry each evening.", ["Write down one worry each evening"]),
        ("I'd like you to do it twice a day at home.", []),
    ],
)
def test_a_task_reads_on_its_own(said: str, task: list[str]) -> None:
    assert [one.text for one in agreed_tasks(talk(("therapist", said), ("patient", "Okay.")))] == task
