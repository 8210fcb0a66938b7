"""Tags that draw what templates would take long for: nothing that somebody wrote becomes markup."""

from datetime import UTC, date, datetime

import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from therapybridge.core.pages.charts import Dot

HOSTILE = """<script>alert("1")</script> & 'x'"""


def drawn(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_an_icon_is_decoration_in_one_of_its_sizes() -> None:
    assert drawn("{% icon 'check' 's' %}") == (
        '<svg class="icon icon--s" aria-hidden="true" focusable="false">'
        '<use href="/static/img/icons.svg#check" /></svg>'
    )
    assert 'class="icon"' in drawn("{% icon 'check' %}")


def test_a_progress_bar_tells_how_far_its_goal_has_come_and_escapes_its_words() -> None:
    page = drawn("{% progress_bar 40 words %}", words=HOSTILE)
    assert 'aria-label="Progress: &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#x27;x&#x27;"' in page
    assert page.count("40%") == 2
    assert "<script>" not in page
    assert "…" in drawn("{% progress_bar 40 words %}", words="long " * 20)


def test_rows_of_numbers_have_the_latest_first_in_the_form_of_the_page() -> None:
    dots = [Dot(date(2026, 3, day), value, 0, 0) for day, value in ((1, 4), (2, 4.25), (3, 0.0))]
    assert drawn("{{ dots|number_rows }}", dots=dots).split("\n") == [
        '<tr><td><time datetime="2026-03-03">3 Mar 2026</time></td><td class="table__num">0</td></tr>',
        '<tr><td><time datetime="2026-03-02">2 Mar 2026</time></td><td class="table__num">4.3</td></tr>',
        '<tr><td><time datetime="2026-03-01">1 Mar 2026</time></td><td class="table__num">4</td></tr>',
    ]


def test_a_moment_is_written_for_each_reader_and_its_age_anew() -> None:
    at = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert ">1 Mar 2026, 13:05</time>" in drawn("{{ at|moment }}", at=at)
    with timezone.override("America/New_York"), translation.override("en-us"):
        assert ">Mar 1, 2026, 7:05 AM</time>" in drawn("{{ at|moment }}", at=at)
    for day, told in ((2, "23 hours"), (4, "2 days")):
        with time_machine.travel(datetime(2026, 3, day, 12, tzinfo=UTC), tick=False):
            assert f">{told}</time>" in drawn("{{ at|age }}", at=at)
