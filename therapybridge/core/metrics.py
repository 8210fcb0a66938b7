"""/metrics, for Prometheus: what /health tells, in numbers, and how much there is of what waits."""

import secrets
import time
from collections.abc import Iterator

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from therapybridge.core.gauges import Gauge, Sample, gauges
from therapybridge.core.health import examined

log = structlog.get_logger(__name__)
PREFIX = "therapybridge_"
KEPT_SECONDS = 5.0  # by each process: whoever asks all the time counts rows no more often
UNAUTHORIZED = 401
_kept: dict[str, tuple[float, list[GaugeMetricFamily]]] = {}


def forget() -> None:
    """Count everything anew, for tests."""
    _kept.clear()


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All gauges, for whoever has METRICS_TOKEN; 404 if it is unset."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _has_token(request):
        return HttpResponse(status=UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    encode, form = choose_encoder(request.headers.get("Accept", ""))
    registry = CollectorRegistry()
    registry.register(_Gauges())
    return HttpResponse(encode(registry), content_type=form)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_right = secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return is_right and scheme.lower() == "bearer"


class _Gauges(Collector):
    def collect(self) -> list[GaugeMetricFamily]:
        """What was found some seconds ago at most."""
        kept = _kept.get("all")
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            kept = _kept["all"] = (time.monotonic(), list(_read()))
        return kept[1]


def _read() -> Iterator[GaugeMetricFamily]:
    for gauge in gauges(examined()):
        family = GaugeMetricFamily(PREFIX + gauge.name, gauge.about, labels=gauge.labels)
        for values, number in _samples(gauge):
            family.add_metric(values, number)
        yield family


def _samples(gauge: Gauge) -> list[Sample]:
    """None if the database or the disk is away, of which the parts of /health tell."""
    try:
        return list(gauge.read())
    except Exception:  # any of a driver's: all other numbers are still wanted
        log.warning("gauge_failed", gauge=gauge.name, exc_info=True)
        return []
