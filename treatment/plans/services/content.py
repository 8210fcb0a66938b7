"""What a plan says: checked before it is written, and kept as a version."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from therapybridge.core.errors import InvalidInput
from treatment.diagnoses.codes import flaw_of, normal_code
from treatment.models import PlanVersion, TreatmentPlan
from treatment.plans.choices import Frequency, MilestoneStatus

MAX_TITLE, MAX_TEXT, MAX_REASON = 200, 8_000, 2_000  # characters
MAX_CODES = 12
MIN_DAYS, MAX_DAYS = 7, 366  # between reviews
DROPPED = {"modified", "discontinued"}  # goals that were given up or replaced, as `treatment.goals` names them
LENGTHS = {"title": MAX_TITLE, "diagnosis": MAX_TEXT, "problems": MAX_TEXT}
FIELDS = (
    *("title", "codes", "diagnosis", "problems", "start_date", "target_end_date"),
    *("session_frequency", "review_every_days"),
)


def checked(given: Mapping[str, Any], start: date, end: date | None) -> dict[str, Any]:
    """The fields in the form in which they are kept; InvalidInput names each that is wrong.

    `start` and `end` are the dates that are not given.
    """
    kept = {name: _tidied(name, value) for name, value in given.items()}
    errors = {name: told for name, value in kept.items() if (told := _flaws(name, value))}
    first, last = kept.get("start_date", start), kept.get("target_end_date", end)
    if last is not None and last < first:
        errors["target_end_date"] = ["The plan cannot end before it starts."]
    if errors:
        raise InvalidInput(errors=errors)
    return kept


def _tidied(name: str, value: Any) -> Any:
    if name == "codes":
        return list(dict.fromkeys(normal_code(code) for code in value if code.strip()))
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _flaws(name: str, value: Any) -> list[str]:
    if name == "codes":
        return _flaws_of_codes(value)
    if name == "title" and not value:
        return ["Give the plan a title."]
    if name in LENGTHS and len(value) > LENGTHS[name]:
        return [f"Use at most {LENGTHS[name]:,} characters."]
    if name == "session_frequency" and value not in Frequency.values:
        return ["Choose how often you meet."]
    if name == "review_every_days" and not MIN_DAYS <= value <= MAX_DAYS:
        return [f"Review it every {MIN_DAYS} to {MAX_DAYS} days."]
    return []


def _flaws_of_codes(codes: list[str]) -> list[str]:
    if len(codes) > MAX_CODES:
        return [f"Use at most {MAX_CODES} codes."]
    return [flaw for code in codes if (flaw := flaw_of(code))]


def checked_reason(reason: str) -> str:
    """Why a plan is held or ended; InvalidInput without one."""
    written = reason.replace("\r\n", "\n").strip()
    if not written or len(written) > MAX_REASON:
        raise InvalidInput(errors={"reason": [f"Say why, in up to {MAX_REASON:,} characters."]})
    return written


def keep_version(plan: TreatmentPlan, cause: str, made_by: Any) -> PlanVersion:
    """Keep what the plan says as its version `plan.version`, with the goals and milestones of the moment."""
    version: PlanVersion = PlanVersion.objects.create(
        plan=plan, number=plan.version, cause=cause, content=_content(plan), made_by=made_by
    )
    return version


def says_the_same(plan: TreatmentPlan) -> bool:
    """Whether its patient, who agreed to the latest version, has agreed to what it says now.

    Progress is no change of the plan; a goal or milestone that was added, reworded or given up is one.
    """
    latest = plan.versions.order_by("-number").first()
    return latest is not None and _agreed_on(latest.content) == _agreed_on(_content(plan))


def _agreed_on(said: Mapping[str, Any]) -> dict[str, Any]:
    goals = {one["id"]: (one["term"], one["wording"]) for one in said["goals"] if one["status"] not in DROPPED}
    steps = {
        one["id"]: one["description"] for one in said["milestones"] if one["status"] != MilestoneStatus.DISCONTINUED
    }
    return {name: said.get(name) for name in FIELDS} | {"goals": goals, "milestones": steps}


def _content(plan: TreatmentPlan) -> dict[str, Any]:
    said = {name: getattr(plan, name) for name in FIELDS}
    dates = {name: value.isoformat() if value else None for name, value in said.items() if name.endswith("_date")}
    goals = [
        {"id": str(goal.pk), "term": goal.term, "wording": goal.wording, "status": goal.status, "level": goal.level}
        for goal in plan.goals.order_by("level", "position", "id")
    ]
    steps = [{"id": str(one.pk), "description": one.description, "status": one.status} for one in plan.milestones.all()]
    return {**said, **dates, "goals": goals, "milestones": steps}
