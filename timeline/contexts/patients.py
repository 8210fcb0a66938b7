"""Contexts of the therapist's patient pages."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.care.access import RecordAccess
from accounts.consent.choices import RECORDING_CONSENTS
from accounts.identity.querysets import UserQuerySet
from accounts.models import ConsentEntry, TherapistPatient, User
from sessions_app.action_items.contexts import open_items
from sessions_app.contexts.sessions import add_pills
from sessions_app.models import RiskReview, SessionNote, TherapySession
from sessions_app.notes.contexts.moods import mood_sparkline
from therapybridge.core.pages.lists import Choice, Listing, address, chips, clean_search
from timeline.choices import EVENT_TYPES
from timeline.contexts.events import by_month, therapist_event
from timeline.contexts.feed import Feed, read_feed
from timeline.filters import parse_filters
from timeline.models import TimelineCount

EVENTS_A_PAGE = 20
LATEST = 5
SHOW = {
    "": "All",
    "risk": "Possible risk",
    "waiting": "Waiting for you",
    "no_consent": "Consent missing",
    "no_session": "No sessions yet",
}
NARROWED = {
    "risk": Q(has_risk=True),
    "waiting": Q(has_waiting=True),
    "no_consent": Q(has_consent=False),
    "no_session": Q(last_session_date=None),
}
PATIENTS = Listing(
    order=("sort_name", "id"),
    per_page=25,
    search=UserQuerySet.named,
    choice=Choice("show", SHOW, lambda rows, show: rows.filter(NARROWED[show])),
)


def list_context(therapist: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the therapist's patients; `q` searches names, `show` is one of SHOW."""
    waits = {name: rows.order_by() for name, rows in _waiting(therapist).items()}
    patients = _described(User.objects.patients_visible_to(therapist), therapist, waits.values())
    page = PATIENTS.page(patients, query, reverse("patients:list"))
    for name, rows in waits.items():
        _count(page.rows, name, rows)
    return page.context()


def _waiting(therapist: User) -> dict[str, QuerySet[Any]]:
    """What of each patient waits for the therapist, by the name of its number."""
    sessions = TherapySession.objects
    return {
        "review_count": sessions.waiting_as("to_review", therapist),
        "unfinished_count": sessions.waiting_for(therapist, ("speakers", "failed", "empty")),
        "sign_count": SessionNote.objects.waiting_for(therapist),
    }


def _count(patients: list[Any], name: str, rows: QuerySet[Any]) -> None:
    """Give each of these patients the number of their rows."""
    of_these = rows.filter(patient__in=[patient.pk for patient in patients])
    numbers = dict(of_these.values_list("patient").annotate(Count("pk")))
    for patient in patients:
        setattr(patient, name, numbers.get(patient.pk, 0))


def _described(patients: QuerySet[User], therapist: User, waits: Iterable[QuerySet[Any]]) -> QuerySet[User]:
    sessions = TherapySession.objects.visible_to(therapist).filter(patient=OuterRef("pk"))
    relation = TherapistPatient.objects.active().filter(patient=OuterRef("pk"), therapist=therapist)
    live = ConsentEntry.objects.live().filter(patient=OuterRef("pk"))
    has_both = Q(*(Exists(live.filter(consent_type=name)) for name in RECORDING_CONSENTS))
    waiting = reduce(or_, (Q(pk__in=rows.values("patient")) for rows in waits))
    return patients.alias(has_waiting=waiting).annotate(
        last_session_date=Subquery(sessions.in_order().values("session_date")[:1]),
        session_count=_counted(sessions.counted()),
        has_risk=Exists(RiskReview.objects.unresolved().order_by().filter(patient=OuterRef("pk"))),
        relation=Subquery(relation.values("relationship_type")[:1]),
        has_consent=has_both,
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("patient").annotate(number_of=Count("pk")).values("number_of")
    return Coalesce(Subquery(counted), 0)


def events_context(access: RecordAccess, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the timeline by month; `q` searches, `type` is an event type, `cursor` leads to earlier events."""
    given = {"type": _chosen_type(query), "q": clean_search(query.get("q", ""))}
    filters = parse_filters({"event_types": given["type"], "search": given["q"]})
    patient = access.patient
    feed = read_feed(patient.pk, access.user, filters, query.get("cursor"), EVENTS_A_PAGE)
    path = reverse("patients:detail", args=[patient.pk])
    return {
        "patient": patient,
        "events_by_month": by_month(map(therapist_event, feed.events)),
        "next_url": address(path, given | {"cursor": feed.next_cursor}) if feed.next_cursor else "",
        "filters": chips(path, "type", _types_of(patient, given["type"]), given["type"], given["q"]),
        "q": given["q"],
        "total_count": _total(feed),
    }


def _chosen_type(query: Mapping[str, str]) -> str:
    """The event type from the query string; unknown ones mean all types."""
    chosen = query.get("type", "")
    return chosen if chosen in EVENT_TYPES else ""


def _total(feed: Feed) -> int | str:
    return feed.total_count if feed.total_count_exact else f"{feed.total_count - 1}+"


def _types_of(patient: User, chosen: str) -> dict[str, str]:
    """Event types that the timeline contains, plus the chosen one."""
    totals = TimelineCount.objects.filter(patient=patient).order_by().values("event_type").annotate(live=Sum("count"))
    present = set(totals.filter(live__gt=0).values_list("event_type", flat=True)) | {chosen}
    return {"": "All"} | {one.value: one.label for one in EVENT_TYPES.values() if one.value in present}


def detail_context(access: RecordAccess, query: Mapping[str, str]) -> dict[str, Any]:
    """The timeline, action items and latest sessions; `may_write` enables controls that change the record."""
    patient, therapist = access.patient, access.user
    sessions = TherapySession.objects.visible_to(therapist).filter(patient=patient).with_next_acts(therapist).in_order()
    relations = TherapistPatient.objects.active().filter(therapist=therapist, patient=patient)
    return (
        events_context(access, query)
        | open_items(access)
        | {
            "may_write": access.may_write,
            "relation": relations.first(),
            "mood": mood_sparkline(access),
            "latest_sessions": _with_pills(sessions[:LATEST]),
        }
    )


def _with_pills(sessions: QuerySet[TherapySession]) -> list[TherapySession]:
    shown = list(sessions)
    add_pills(shown)
    return shown
