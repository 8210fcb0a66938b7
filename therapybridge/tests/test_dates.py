"""Dates: one form for each locale, the reader's zone, and nothing else that formats them."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.utils import display_for_value
from django.template import Context, Template
from django.utils import translation

from therapybridge.core import dates
from therapybridge.tests.our_apps import OUR_APPS

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 3, 19, 5, tzinfo=UTC)
NEW_YORK, BERLIN, DUBAI = map(ZoneInfo, ("America/New_York", "Europe/Berlin", "Asia/Dubai"))
OTHER_FORMS = re.compile(r"\|\s*(?:date|time|timesince|naturaltime|naturalday)\b|{%\s*now\b")
# The one place, machines' forms, and pure code that reads dates out of files.
FORMATTERS = re.compile(r"\bstrftime\(|\bdate_format\(|\btime_format\(|\btimesince\(|:%[YmdBbHj]")
ALLOWED = {"therapybridge/core/dates.py"}
FOR_MACHINES = {  # a version, a file's name, a key's name
    "sessions_app/notes/models/drafts.py",
    "audit/admin/events.py",
    "therapybridge/management/commands/generate_key.py",
}


def shown(filter_name: str, at: object) -> str:
    return Template(f"{{{{ at|{filter_name} }}}}").render(Context({"at": at}))


@pytest.mark.parametrize(
    ("locale", "day", "moment", "clock"),
    [
        ("en", "3 Nov 2026", "3 Nov 2026, 14:05", "14:05"),
        ("en-us", "Nov 3, 2026", "Nov 3, 2026, 2:05 PM", "2:05 PM"),
    ],
)
def test_every_page_and_the_admin_site_have_one_form_for_a_locale(locale, day, moment, clock):
    with dates.dates_of(NEW_YORK, locale):
        assert (dates.day(AT), dates.moment(AT), dates.clock(AT)) == (day, moment, clock)
        assert display_for_value(AT, "-") == moment
        assert display_for_value(date(2026, 11, 3), "-") == day
        assert Template("{{ at }}").render(Context({"at": AT})) == moment
    assert translation.get_language() == "en"


def test_a_moment_tells_its_zone_on_hover_and_a_day_stays_the_clinics():
    with dates.dates_of(BERLIN, "en"):
        assert shown("moment", AT) == (
            '<time datetime="2026-11-03T20:05:00+01:00" title="3 Nov 2026, 20:05 CET (Berlin)">3 Nov 2026, 20:05</time>'
        )
        assert shown("day", date(2026, 11, 3)) == '<time datetime="2026-11-03">3 Nov 2026</time>'
        assert shown("weekday", date(2026, 11, 3)) == '<time datetime="2026-11-03">Tuesday, 3 Nov 2026</time>'
        assert shown("day", None) == "\N{EN DASH}"


def test_times_that_read_the_same_are_told_once():
    later = [AT + timedelta(seconds=seconds) for seconds in (30, 90)]
    spans = [Template("{% clocks first last %}").render(Context({"first": AT, "last": last})) for last in later]
    assert [re.sub("<.*?>", "", span) for span in spans] == ["19:05", "19:05 to 19:06"]


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (NEW_YORK, "EST (New York)"),
        (DUBAI, "GMT+4 (Dubai)"),
        (ZoneInfo("Asia/Kathmandu"), "GMT+5:45 (Kathmandu)"),
        (ZoneInfo("America/Sao_Paulo"), "GMT-3 (Sao Paulo)"),
        (ZoneInfo("UTC"), "UTC"),
    ],
)
def test_a_zone_has_a_name_that_people_know(zone, name):
    with dates.dates_of(zone, "en"):
        assert dates.zone_name(AT) == name


def test_half_an_hour_west_of_greenwich_is_minus_half_an_hour():
    with dates.dates_of(ZoneInfo("America/St_Johns"), "en"):
        assert dates._offset(AT.astimezone(ZoneInfo("America/St_Johns"))) == "-3:30"


def test_no_template_formats_a_date_in_another_way():
    templates = sorted((ROOT / "templates").rglob("*.*"))
    found = [
        f"{path.relative_to(ROOT)}: {match}" for path in templates for match in OTHER_FORMS.findall(path.read_text())
    ]
    assert len(templates) > 100
    assert found == []


def test_no_code_formats_a_date_in_another_way():
    apps = [path for app in OUR_APPS - {"therapybridge"} for path in (ROOT / app).rglob("*.py")]
    files = [path for path in [*apps, *(ROOT / "therapybridge").rglob("*.py")] if "tests" not in path.parts]
    found = {str(path.relative_to(ROOT)) for path in files if FORMATTERS.search(path.read_text())}
    assert found == ALLOWED | FOR_MACHINES


@pytest.mark.parametrize("text", ["{{ at|date:'c' }}", '{{ at|time:"H:i" }}', "{% now 'Y' %}", "{{ at | timesince }}"])
def test_the_check_sees_what_it_is_for(text):
    assert OTHER_FORMS.search(text)
