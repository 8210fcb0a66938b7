# ruff: noqa: RUF001  typographic punctuation is the point
import pytest

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Evidence, empty_notes
from sessions_app.pipeline.evidence import judge
from sessions_app.pipeline.types import Segment
from sessions_app.tests.talk import talk

TALK = talk(
    ("therapist", "How did you sleep this week?"),
    ("patient", "Badly. I only got three or four hours most nights, and I woke up at five."),
    ("therapist", "What went through your mind?"),
    ("patient", "My boss Tom keeps calling me in the evening and I get so anxious that I can't eat."),
    ("therapist", "Have you had any thoughts of ending your life?"),
    ("patient", "No, never. I just want to rest."),
    ("therapist", "Did you call your sister on Sunday?"),
    ("patient", "Yes, and we talked for an hour about the divorce."),
    ("therapist", "This week I'd like you to write down three worries every evening before bed."),
    ("patient", "Okay. I stopped taking the sertraline in March because it made me dizzy."),
    ("therapist", "What would happen if you lost your job?"),
    ("patient", "If I lost my job I would move back in with my parents. My mum says quit anyway."),
    ("therapist", "Have you hurt yourself since then?"),
    ("patient", "Not really, maybe once."),
)


def judged(segments=TALK, verifier=None, protected=frozenset(), has_low_quality=False, **fields):
    notes = empty_notes().model_copy(update=fields)
    return judge(notes, segments, verifier=verifier, protected=protected, has_low_quality=has_low_quality)


def outcome(result):
    """State and reason of the only statement."""
    items = [item for value in result.notes.values() for item in _items(value)]
    return (items[0]["state"], items[0]["reason"]) if items else ("refused", *result.refused_reasons)


def _items(value):
    return value if isinstance(value, list) else value.get("statements", [value]) if value else []


def proof(*segments, quote=""):
    return Evidence(segments=list(segments), quote=quote)


def of_text(text, *segments, quote="", **more):
    item = schema.Passage(text=text, evidence=proof(*segments, quote=quote))
    return outcome(judged(therapist_summary=schema.Summary(statements=[item]), **more))


def of_task(task, *cited, **more):
    item = schema.ActionItem(task=task, category="homework", details="", evidence=proof(*cited))
    return outcome(judged(action_items=[item], **more))


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("The patient slept three to four hours most nights.", (1,)),
        ("The patient reports poor sleep, waking at 5.", (1,)),
        ("Sleep was bad this week.", (0, 1)),
        ("The patient feels anxious when her boss phones in the evenings and is unable to eat.", (3,)),
        ("The patient called her sister on Sunday and spoke about the divorce.", (6, 7)),
        ("The therapist asked the patient to write down three worries each evening before bed.", (8,)),
        ("The patient discontinued sertraline in March due to dizziness.", (9,)),
        ("The patient fears that she would move back in with her parents if she lost her job.", (11,)),
        ("The patient denies suicidal thoughts.", (4, 5)),
        ("You called your sister on Sunday.", (6, 7)),
        ("The patient said: “I can’t eat”.", (3,)),
        ("The patient said she was 'so anxious'.", (3,)),
    ],
)
def test_what_the_lines_say_is_supported(text, cited):
    assert of_text(text, *cited)[0] == ("supported" if "fears" not in text else "check")


@pytest.mark.parametrize(
    ("text", "cited", "state", "reason"),
    [
        ("The patient slept seven hours most nights.", (1,), "check", "number"),
        ("The patient slept three or four nights.", (1,), "check", "unit"),
        ("The patient sleeps well.", (1,), "check", "content"),
        ("The patient slept four hours and has severe headaches.", (1,), "check", "content"),
        ("The patient can eat.", (3,), "check", "polarity"),
        ("The patient did not call her sister.", (6, 7), "check", "polarity"),
        ("The patient takes sertraline.", (9,), "check", "polarity"),
        ("The patient lost her job and moved back in with her parents.", (11,), "check", "reality"),
        ("The therapist stopped taking sertraline in March.", (9,), "check", "speaker"),
        ("The patient wrote down three worries every evening.", (8,), "check", "reality"),
        ("The patient called her sister.", (1,), "check", "content"),
        ("The patient feels it.", (3,), "check", "empty"),
        ("The patient says to quit anyway.", (11,), "check", "person"),
        ("The patient called Anna.", (6, 7), "refused", "name"),
        ("The patient stopped taking lithium in March.", (9,), "refused", "drug"),
        ("The patient said “I hate my boss”.", (3,), "refused", "quotation"),
        ("The patient said 'I hate my boss'.", (3,), "refused", "quotation"),
        ("The patient said „I hate my boss“ and «went home».", (3,), "refused", "quotation"),
        ("The therapist said “I can't eat”.", (3,), "refused", "speaker"),
        ("The patient denies any history of self-harm.", (4, 5), "refused", "denial"),
        ("The patient denies suicidal thoughts.", (5,), "refused", "denial"),
        ("The patient denies hurting herself.", (12, 13), "refused", "denial"),
        ("The patient is at low risk.", (4, 5), "refused", "risk_level"),
        ("There is no risk of suicide.", (4, 5), "refused", "risk_level"),
        ("The patient is currently safe.", (4, 5), "refused", "risk_level"),
        ("The patient should quit.", (11,), "refused", "instruction"),
        ("You need to rest.", (5,), "refused", "instruction"),
        ("Stop calling your boss.", (3,), "refused", "instruction"),
        ("See https://example.org about sleep.", (1,), "refused", "markup"),
        ("Sleep was <b>bad</b>.", (1,), "refused", "markup"),
        ("Die Patientin schläft seit Wochen nicht gut und hat große Angst.", (1,), "refused", "language"),
        ("Sleep was bad.", (99,), "refused", "no_lines"),
        ("Sleep was bad.", (), "refused", "no_lines"),
    ],
)
def test_what_they_do_not_say_is_to_check_or_refused(text, cited, state, reason):
    assert of_text(text, *cited) == (state, reason)


def test_the_evidence_is_quoted_word_for_word():
    assert of_text("Sleep was bad.", 1, quote="Badly. I only got") == ("supported", "")
    assert of_text("Sleep was bad.", 1, quote="Badly, I got only") == ("refused", "quote")
    assert of_text("Sleep was bad.", 0, 2, quote="Badly. I only got")[0] == "check"


def test_a_quote_may_run_over_an_interjection_and_not_over_an_answer():
    said = talk(
        ("patient", "I sleep so"),
        ("therapist", "mm-hm"),
        ("patient", "badly all the time."),
        ("therapist", "Since May?"),
    )
    assert of_text("Sleep is bad.", 0, 2, quote="I sleep so badly", segments=said)[0] == "supported"
    assert of_text("Sleep is bad.", 0, 3, quote="I sleep so Since May", segments=said)[0] == "refused"


def test_segments_are_known_by_their_index_and_not_by_their_place():
    moved = [Segment(40, None, None, "I slept badly again.", "patient")]
    assert of_text("The patient slept badly.", 40, segments=moved) == ("supported", "")
    assert of_text("The patient slept badly.", 0, segments=moved) == ("refused", "no_lines")


def test_a_quote_is_the_patients_and_keeps_its_not():
    def of_quote(quote, *cited):
        item = schema.SignificantQuote(quote=quote, context="", start=None, evidence=proof(*cited))
        return outcome(judged(significant_quotes=[item]))

    assert of_quote("I can’t eat", 3) == ("supported", "")
    assert of_quote("How did you sleep this week", 0, 1) == ("refused", "speaker")
    said = talk(("patient", "I do not want to die today."))
    item = schema.SignificantQuote(quote="want to die", context="", start=None, evidence=proof(0))
    assert outcome(judged(said, significant_quotes=[item])) == ("check", "cut_quote")


def test_tasks_come_from_the_therapist():
    assert of_task("Write down three worries every evening before bed.", 8) == ("supported", "")
    assert of_task("Write down five worries every evening before bed.", 8) == ("check", "number")
    assert of_task("Quit your job.", 11) == ("refused", "instruction")
    assert of_task("Stop taking sertraline.", 9) == ("refused", "instruction")


def test_a_plan_of_the_patient_is_theirs_and_a_treatment_is_never_changed_unseen():
    said = talk(
        ("patient", "I'll call my sister tomorrow."), ("therapist", "This week I want you to skip the tablets.")
    )
    item = schema.ActionItem(task="Call your sister tomorrow.", category="", details="", evidence=proof(0))
    assert outcome(judged(said, action_items=[item])) == ("check", "own_plan")
    item = schema.ActionItem(task="Skip the tablets this week.", category="", details="", evidence=proof(1))
    assert outcome(judged(said, action_items=[item])) == ("check", "treatment")


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("I feel so low.", "low", "supported"),
        ("I feel very low.", "very_low", "supported"),
        ("I feel low.", "very_low", "check"),
        ("I feel low.", "positive", "check"),
        ("I don't feel low.", "low", "check"),
        ("The train was late.", "low", "check"),
    ],
)
def test_a_mood_needs_words_that_say_it(text, value, state):
    item = schema.SessionMood(value=value, score=2, evidence=proof(0, quote=text))
    result = judged(talk(("patient", text)), session_mood=item)
    assert outcome(result)[0] == state
    assert result.notes["session_mood"]["score"] is None


def test_a_score_is_the_patients_own_number():
    item = schema.SessionMood(value="low", score=3, evidence=proof(0, quote="I feel low"))
    result = judged(talk(("patient", "I feel low, a three.")), session_mood=item)
    assert result.notes["session_mood"]["score"] == 3


def test_feelings_and_severity_are_named_by_the_patient():
    def of_theme(theme):
        return outcome(judged(emotional_themes=[schema.EmotionalTheme(theme=theme, evidence=proof(3))]))[0]

    assert (of_theme("anxiety"), of_theme("shame")) == ("supported", "check")
    trigger = schema.Trigger(trigger="My boss calling", context="", severity="severe", evidence=proof(3))
    said = talk(("patient", "My boss calling is unbearable."))
    graded = judged(said, triggers=[trigger.model_copy(update={"evidence": proof(0)})])
    assert graded.notes["triggers"][0]["severity"] == "severe"
    assert judged(triggers=[trigger]).notes["triggers"][0]["severity"] is None


def test_a_known_technique_is_worded_by_the_library_and_has_to_be_there():
    def of_technique(*cited):
        said = talk(("therapist", "Let us do the breathing exercise."), ("patient", "Fine."), ("patient", "It rained."))
        item = schema.Technique(name="Box breathing", modality="Dr Miller", definition="Cures", evidence=proof(*cited))
        return judged(said, techniques=[item])

    assert of_technique(0).notes["techniques"][0]["modality"] == "Relaxation training"
    assert outcome(of_technique(2)) == ("check", "technique")


def test_the_patients_text_takes_nothing_from_protected_lines():
    item = schema.Passage(text="You slept badly.", evidence=proof(1))
    fields = {"patient_summary": schema.Summary(statements=[item])}
    assert outcome(judged(**fields)) == ("supported", "")
    assert outcome(judged(protected={1}, **fields)) == ("refused", "protected")


def test_the_patients_text_quotes_nothing_that_a_small_model_heard():
    quoting = schema.Passage(text="You said: “I just want to rest.”", evidence=proof(5))
    fields = {"patient_summary": schema.Summary(statements=[quoting])}
    assert outcome(judged(**fields)) == ("supported", "")
    assert outcome(judged(has_low_quality=True, **fields)) == ("refused", "misheard")
    plain = schema.Passage(text="You slept badly.", evidence=proof(1))
    summary = schema.Summary(statements=[plain])
    assert outcome(judged(has_low_quality=True, patient_summary=summary)) == ("supported", "")
    assert outcome(judged(has_low_quality=True, therapist_summary=schema.Summary(statements=[quoting])))[0] != "refused"


def test_another_language_than_english_stands_only_word_for_word():
    said = talk(("patient", "Ich schlafe seit drei Wochen sehr schlecht und habe jeden Abend große Angst."))
    assert of_text(said[0].text, 0, segments=said) == ("supported", "")
    assert of_text("Ich schlafe seit drei Wochen sehr gut und habe keine Angst.", 0, segments=said)[0] == "check"


def test_states_are_counted_and_ids_are_stable():
    good, bad, gone = ("Sleep was bad.", 1), ("Sleep was good.", 1), ("The patient is safe.", 1)
    items = [schema.Passage(text=text, evidence=proof(cited)) for text, cited in (bad, gone, good)]
    result = judged(therapist_summary=schema.Summary(statements=items))
    shown = result.notes["therapist_summary"]["statements"]
    assert (result.supported, result.to_check, result.refused, result.refused_reasons) == (1, 1, 1, {"risk_level": 1})
    assert [item["id"] for item in shown] == ["therapist_summary-0", "therapist_summary-2"]


class Answering:
    """A second pass that says the same of everything."""

    prompt_tokens = completion_tokens = 0

    def __init__(self, answer):
        self.answer = answer
        self.seen = []

    def support(self, claims):
        self.seen.append(claims)
        return [self.answer] * len(claims)


@pytest.mark.parametrize(
    ("text", "answer", "state", "reason"),
    [
        ("Sleep was bad.", "supports", "supported", ""),
        ("Sleep was bad.", "not_enough", "check", "second_pass"),
        ("Sleep was bad.", "contradicts", "check", "contradicted"),
        ("Sleep was good.", "supports", "check", "content"),
        ("Sleep was good.", "contradicts", "refused", "contradicted"),
        ("The patient is safe.", "supports", "refused", "risk_level"),
    ],
)
def test_of_both_passes_the_lower_wins(text, answer, state, reason):
    found = of_text(text, 1, verifier=Answering(answer))
    assert found == ((state, reason) if reason or state != "refused" else (state,))


def test_the_second_pass_sees_fifteen_statements_at_once_and_their_lines_alone():
    asked = Answering("supports")
    items = [schema.Passage(text=f"Sleep was bad {'very ' * n}.", evidence=proof(1)) for n in range(16)]
    judged(verifier=asked, therapist_summary=schema.Summary(statements=items))
    assert [len(claims) for claims in asked.seen] == [15, 1]
    assert [segment.index for segment in asked.seen[0][0].lines] == [0, 1, 2]
