"""Charts: true distances, gaps, bands, many points, and words beside the picture."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string

from therapybridge.core.pages.charts import BOTTOM, HEIGHT, MOST_DOTS, TOP, draw_chart

START = date(2026, 3, 1)
SCALE = {"lowest": 0, "highest": 21}


def numbers(*values):
    """One every week."""
    return [(START + timedelta(weeks=week), value) for week, value in enumerate(values)]


def test_nothing_is_drawn_without_a_number():
    assert draw_chart("x", "Mood", [], **SCALE) is None
    assert draw_chart("x", "Mood", [(START, None)], **SCALE) is None


def test_days_have_true_distances_and_values_true_heights():
    chart = draw_chart("x", "Mood", [(START, 0), (START + timedelta(1), 21), (START + timedelta(4), 10.5)], **SCALE)
    a, b, c = chart.dots
    assert (c.x - b.x) == pytest.approx(3 * (b.x - a.x))
    assert (a.y, b.y, c.y) == (HEIGHT - BOTTOM, TOP, (HEIGHT - BOTTOM + TOP) / 2)


def test_the_order_in_which_numbers_come_does_not_matter():
    given = numbers(3, 8, 5)
    assert draw_chart("x", "Mood", given[::-1], **SCALE) == draw_chart("x", "Mood", given, **SCALE)


def test_a_gap_breaks_the_line_and_one_number_is_a_dot_alone():
    chart = draw_chart("x", "Mood", numbers(3, 8, None, None, 5, None, 6, 7), **SCALE)
    assert [len(line.split()) for line in chart.lines] == [2, 2]
    assert len(chart.dots) == 5


def test_bands_reach_from_one_value_to_the_next():
    chart = draw_chart("x", "GAD-7", numbers(3), **SCALE, bands=[("minimal", 0), ("mild", 5), ("severe", 15)])
    assert [stripe.name for stripe in chart.stripes] == ["minimal", "mild", "severe"]
    lowest, middle, highest = chart.stripes
    assert lowest.y + lowest.height == pytest.approx(HEIGHT - BOTTOM)
    assert middle.y + middle.height == pytest.approx(lowest.y)
    assert highest.y == pytest.approx(TOP)


def test_what_is_outside_the_scale_stays_inside_the_picture():
    chart = draw_chart("x", "Mood", numbers(-4, 99), **SCALE)
    assert [dot.y for dot in chart.dots] == [HEIGHT - BOTTOM, TOP]


def test_five_hundred_numbers_are_a_line_without_dots_and_all_in_the_table():
    given = [(START + timedelta(days=day), day % 22) for day in range(500)]
    page = render_to_string("_chart.html", {"chart": draw_chart("x", "Mood", given, **SCALE)})
    assert page.count("<circle") == 0
    assert page.count("<tr>") == 501
    assert len(page.partition('points="')[2].partition('"')[0].split()) == 500
    few = render_to_string("_chart.html", {"chart": draw_chart("x", "Mood", given[:MOST_DOTS], **SCALE)})
    assert few.count("<circle") == MOST_DOTS


def test_the_picture_has_a_title_and_is_told_in_words():
    chart = draw_chart("x", "Mood & sleep", numbers(15, 9, 5), **SCALE)
    page = render_to_string("_chart.html", {"chart": chart})
    assert '<title id="x-title">Mood &amp; sleep</title>' in page
    assert chart.description == "On a scale from 0 to 21: 3 numbers, from 15 on 1 Mar 2026 to 5 on 15 Mar 2026."
    assert chart.description in page
    assert draw_chart("x", "Mood", numbers(4), **SCALE).description == "On a scale from 0 to 21: 4 on 1 Mar 2026."
