"""Contexts of what patients see of their questionnaires: in plain words, and no bands."""

from typing import Any

from accounts.models import User
from therapybridge.core import dates
from treatment.measures.contexts.pages import chart_of, waiting_for
from treatment.measures.contexts.series import Series, drawn_series, standing


def portal_context(patient: User) -> dict[str, Any]:
    """What waits, and the patient's own results."""
    shown = [
        {"series": one, "chart": chart_of(one, with_bands=False), "sentence": sentence_of(one)}
        for one in drawn_series(standing(patient))
    ]
    return {"waiting": waiting_for(patient), "shown": shown}


def sentence_of(series: Series) -> str:
    """Such as: 5 of 21 on 12 Mar 2026, it was 15 in February 2026."""
    last, highest = series.last, series.instrument.range[1]
    now = f"{series.totals[-1]} of {highest} on {dates.day(last.taken_date)}"
    if len(series.results) == 1:
        return f"{now}."
    first = series.first.taken_date
    is_same_month = (first.year, first.month) == (last.taken_date.year, last.taken_date.month)
    when = f"on {dates.day(first)}" if is_same_month else f"in {dates.month(first)}"
    return f"{now}, it was {series.totals[0]} {when}."
