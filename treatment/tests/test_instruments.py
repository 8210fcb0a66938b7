"""Scores against tables that were typed from the instruments' papers and manuals, item by item and band by band."""

import pytest

from therapybridge.core.errors import InvalidInput
from treatment.instruments import INSTRUMENTS

# Every first and last total of every range. PHQ-9: Kroenke 2001, table 4. GAD-7: Spitzer 2006. PCL-5: National Center
# for PTSD, cut-point 31 to 33. WHO-5: Topp 2015. BDI-II and BAI: manuals of 1996 and 1993. AUDIT: WHO 2001, box 4.
RANGES = {
    "phq-9": [
        (0, 4, "minimal"),
        (5, 9, "mild"),
        (10, 14, "moderate"),
        (15, 19, "moderately severe"),
        (20, 27, "severe"),
    ],
    "gad-7": [(0, 4, "minimal"), (5, 9, "mild"), (10, 14, "moderate"), (15, 21, "severe")],
    "pcl-5": [(0, 30, "below the cut-point"), (31, 80, "at or above the cut-point of 31 to 33")],
    "who-5": [(0, 28, "very low well-being"), (32, 48, "low well-being"), (52, 100, "no sign of low well-being")],
    "bdi-ii": [(0, 13, "minimal"), (14, 19, "mild"), (20, 28, "moderate"), (29, 63, "severe")],
    "bai": [(0, 7, "minimal"), (8, 15, "mild"), (16, 25, "moderate"), (26, 63, "severe")],
    "audit": [
        (0, 7, "zone I: education"),
        (8, 15, "zone II: simple advice"),
        (16, 19, "zone III: advice, brief counselling and monitoring"),
        (20, 40, "zone IV: assessment for dependence"),
    ],
}
# Number of items, lowest and highest answer, lowest and highest total.
SIZES = {
    "phq-9": (9, 0, 3, 0, 27),
    "gad-7": (7, 0, 3, 0, 21),
    "pcl-5": (20, 0, 4, 0, 80),
    "who-5": (5, 0, 5, 0, 100),
    "session-check": (4, 0, 10, 0, 40),
}
# The items of the DSM-5 clusters, how many must be "moderately" (2) or more.
CLUSTERS = {
    "B": ({1, 2, 3, 4, 5}, 1),
    "C": ({6, 7}, 1),
    "D": ({8, 9, 10, 11, 12, 13, 14}, 2),
    "E": ({15, 16, 17, 18, 19, 20}, 2),
}


def all_answered(key, value):
    return dict.fromkeys(range(1, len(INSTRUMENTS[key].items) + 1), value)


@pytest.mark.parametrize("key", RANGES)
def test_every_total_has_the_published_band(key):
    instrument = INSTRUMENTS[key]
    bands = {total: name for low, high, name in RANGES[key] for total in range(low, high + 1)}
    possible = range(instrument.range[0], instrument.range[1] + 1, instrument.factor)

    assert {total: instrument.band_of(total).name for total in possible} == {one: bands[one] for one in possible}


@pytest.mark.parametrize("key", SIZES)
def test_answers_add_up_between_the_published_limits(key):
    instrument = INSTRUMENTS[key]
    items, least, most, lowest, highest = SIZES[key]

    assert len(instrument.items) == items
    assert instrument.values == set(range(least, most + 1))
    assert instrument.range == (lowest, highest)
    assert instrument.score(all_answered(key, least)).total == lowest
    assert instrument.score(all_answered(key, most)).total == highest


@pytest.mark.parametrize("key", SIZES)
def test_each_item_counts_once_in_its_direction(key):
    instrument = INSTRUMENTS[key]
    nothing = all_answered(key, 0)

    for item in nothing:
        assert instrument.score(nothing | {item: 1}).total == instrument.factor


def test_every_instrument_names_its_licence_and_source():
    for instrument in INSTRUMENTS.values():
        assert instrument.licence
        assert instrument.source
        assert instrument.reliability is None or instrument.reliability.source


def test_licensed_instruments_have_no_text_and_take_no_answers():
    for key in ("bdi-ii", "bai", "audit"):
        assert INSTRUMENTS[key].is_entry_only
        with pytest.raises(InvalidInput):
            INSTRUMENTS[key].score({1: 0})


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_cluster_counts_from_as_many_symptoms_as_dsm5_asks(cluster):
    pcl5 = INSTRUMENTS["pcl-5"]
    items, needed = CLUSTERS[cluster]
    enough = all_answered("pcl-5", 1) | dict.fromkeys(sorted(items)[:needed], 2)
    too_few = all_answered("pcl-5", 1) | dict.fromkeys(sorted(items)[: needed - 1], 4)

    assert pcl5.score(enough).endorsed == (cluster,)
    assert pcl5.score(too_few).endorsed == ()
    assert pcl5.score(enough).subscales[cluster] == len(items) + needed


@pytest.mark.parametrize(("key", "items"), [("phq-9", 9), ("gad-7", 7)])
def test_two_missing_answers_take_the_mean_of_the_others_and_three_give_no_score(key, items):
    answers = dict.fromkeys(range(3, items + 1), 1)
    score = INSTRUMENTS[key].score(answers | {2: None})

    assert (score.total, score.prorated) == (items, True)
    with pytest.raises(InvalidInput, match="invalid"):
        INSTRUMENTS[key].score(dict.fromkeys(range(4, items + 1), 1))


def test_the_item_about_suicidal_thoughts_is_never_left_out():
    with pytest.raises(InvalidInput) as refused:
        INSTRUMENTS["phq-9"].score(dict.fromkeys(range(1, 9), 3))
    assert refused.value.errors == {
        "answers": ["Item 9: Please answer this one too, or talk to your therapist about it."]
    }


def test_a_mean_of_a_half_is_rounded_up():
    # Seven answers with a sum of 3.5 per … : 7 answered of 9, sum 7·k; 4·9/8 = 4.5 becomes 5.
    assert INSTRUMENTS["phq-9"].score(dict.fromkeys(range(2, 10), 0) | dict.fromkeys(range(2, 6), 1)).total == 5


@pytest.mark.parametrize("key", ["pcl-5", "who-5", "session-check"])
def test_without_a_published_rule_every_item_needs_an_answer(key):
    answers = all_answered(key, 1)
    del answers[1]

    with pytest.raises(InvalidInput):
        INSTRUMENTS[key].score(answers)


def test_a_subscale_with_a_missing_answer_is_not_told():
    phq9 = INSTRUMENTS["phq-9"]

    assert phq9.score(dict.fromkeys(range(3, 10), 3)).subscales == {}


@pytest.mark.parametrize("answers", [{1: 4}, {1: -1}, {0: 1}, {10: 1}])
def test_unknown_items_and_answers_are_refused(answers):
    with pytest.raises(InvalidInput):
        INSTRUMENTS["phq-9"].score(all_answered("phq-9", 0) | answers)


@pytest.mark.parametrize(("answer", "needs"), [(0, False), (1, True), (2, True), (3, True), (None, False)])
def test_any_thought_of_death_needs_attention(answer, needs):
    assert INSTRUMENTS["phq-9"].needs_attention(all_answered("phq-9", 0) | {9: answer}) == needs
    assert not INSTRUMENTS["gad-7"].needs_attention(all_answered("gad-7", 3))
