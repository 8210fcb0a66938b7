"""When a plan is reviewed next."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from treatment.models import TreatmentPlan


def next_review(plan: TreatmentPlan) -> date:
    """So many days after its last review, else after it was first started. A time on hold does not move it."""
    last = plan.reviews.order_by("-reviewed_date").values_list("reviewed_date", flat=True).first()
    return (last or _started(plan)) + timedelta(days=plan.review_every_days)


def _started(plan: TreatmentPlan) -> date:
    """The day of its first version, or its start, if that is later."""
    kept = plan.versions.filter(number=1).values_list("created_at", flat=True).first()
    zone = ZoneInfo(plan.clinic.time_zone)
    day = timezone.localdate(kept, zone) if kept else plan.clinic.today
    return max(day, plan.start_date)
