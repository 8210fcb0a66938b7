"""Contexts of the therapists' pages of questionnaires."""

from collections.abc import Mapping
from typing import Any

from accounts.care.access import RecordAccess
from accounts.models import User
from sessions_app.models import RiskReview
from therapybridge.core.pages.charts import Chart, draw_chart
from therapybridge.core.pages.lists import Listing
from treatment.instruments import INSTRUMENTS, Instrument
from treatment.measures.contexts.series import Series, drawn_series, series_until, standing
from treatment.measures.forms import WithdrawForm
from treatment.measures.services.risk import SOURCES
from treatment.models import MeasureAssignment, MeasureResult, MeasureSchedule

RESULTS = Listing(order=("-taken_date", "-id"), per_page=25)
WORDS = {
    "better": "getting better",
    "worse": "getting worse",
    "steady": "steady",
    "unknown": "too few results for a trend",
}


def list_context(access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """What waits, what is scheduled, each series, and all results."""
    patient = access.patient
    running = MeasureSchedule.objects.running().filter(patient=patient).order_by("next_due_date", "id")
    page = RESULTS.page(MeasureResult.objects.filter(patient=patient), query, path)
    return {
        "patient": patient,
        "may_write": access.may_write,
        "waiting": waiting_for(patient),
        "schedules": [{"schedule": row, "instrument": INSTRUMENTS[row.instrument]} for row in running],
        "series": [shown_series(one) for one in drawn_series(standing(patient))],
        "instruments": list(INSTRUMENTS.values()),
        "rows": [_row(result) for result in page],
        **page.context(),
    }


def waiting_for(patient: User) -> list[dict[str, Any]]:
    """What the patient is asked to fill in, what is due first at the top."""
    today = patient.clinic_day
    rows = MeasureAssignment.objects.open().filter(patient=patient).order_by("due_date", "id")
    return [
        {"assignment": row, "instrument": INSTRUMENTS[row.instrument], "is_overdue": row.is_overdue(today)}
        for row in rows
    ]


def _row(result: MeasureResult) -> dict[str, Any]:
    instrument = INSTRUMENTS[result.instrument]
    return {
        "result": result,
        "instrument": instrument,
        "total": result.outcome["total"],
        "highest": instrument.range[1],
    }


def shown_series(series: Series) -> dict[str, Any]:
    """A series with its chart, its newest value, and what may be said of the change."""
    instrument = series.instrument
    return {
        "instrument": instrument,
        "version": "" if series.is_current else series.version,
        "chart": chart_of(series, with_bands=True),
        "last": series.last,
        "total": series.totals[-1],
        "highest": instrument.range[1],
        "first": series.first if len(series.results) > 1 else None,
        "first_total": series.totals[0],
        "change": series.change,
        "reliability": instrument.reliability,
        "trend": WORDS[series.trend.direction],
    }


def chart_of(series: Series, *, with_bands: bool) -> Chart | None:
    """The totals over time; patients get no bands."""
    instrument = series.instrument
    lowest, highest = instrument.range
    is_told = with_bands and series.is_current
    return draw_chart(
        f"chart-{instrument.key}-{series.version}",
        instrument.name if with_bands else instrument.plain_name,
        [(row.taken_date, total) for row, total in zip(series.results, series.totals, strict=True)],
        lowest=lowest,
        highest=highest,
        bands=[(band.name, band.lowest) for band in instrument.bands] if is_told else (),
    )


def take_context(access: RecordAccess, instrument: Instrument, form: Any) -> dict[str, Any]:
    """The page on which a therapist fills in a questionnaire with the patient."""
    waits = MeasureAssignment.objects.open().filter(patient=access.patient, instrument=instrument.key).first()
    return {"patient": access.patient, "instrument": instrument, "form": form, "assignment": waits}


def detail_context(result: MeasureResult, access: RecordAccess, refused: Any = None) -> dict[str, Any]:
    """A result with all answers, and what it says beside the first one."""
    instrument, series = INSTRUMENTS[result.instrument], series_until(result)
    is_current = result.instrument_version == instrument.version
    return {
        "patient": access.patient,
        "result": result,
        "outcome": result.outcome,
        "instrument": instrument,
        "highest": instrument.range[1],
        "answers": _answers(result, instrument) if is_current else [],
        "is_current": is_current,
        "subscales": _subscales(result, instrument),
        "series": None if result.withdrawn_at else shown_series(series),
        "review": _review(result),
        "may_write": access.may_write,
        "form": refused or WithdrawForm(),
    }


def _answers(result: MeasureResult, instrument: Instrument) -> list[dict[str, Any]]:
    labels = {option.value: option.label for option in instrument.options}
    given = result.outcome["answers"]
    return [
        {
            "number": number,
            "text": text,
            "value": given.get(str(number)),
            "label": labels.get(given.get(str(number)), "Not answered"),
            "needs_attention": number == instrument.risk_item and bool(given.get(str(number))),
        }
        for number, text in enumerate(instrument.items if given else (), start=1)
    ]


def _subscales(result: MeasureResult, instrument: Instrument) -> list[dict[str, Any]]:
    sums, endorsed = result.outcome["subscales"], result.outcome["endorsed"]
    return [
        {"name": one.name, "sum": sums[one.key], "counts": one.key in endorsed}
        for one in instrument.subscales
        if one.key in sums
    ]


def _review(result: MeasureResult) -> RiskReview | None:
    """The risk review that an answer opened."""
    source = SOURCES.get(result.instrument)
    if source is None:
        return None
    rows = RiskReview.objects.filter(patient=result.patient_id, source_type=source.name, source_id=result.pk)
    found: RiskReview | None = rows.without_words().first()
    return found
