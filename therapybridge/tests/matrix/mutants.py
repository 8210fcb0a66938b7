"""Mutants that break rules; each is applied to a few routes, and the matrix must detect it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Value
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny

from accounts import access
from accounts.authentication import backends
from accounts.authentication import middleware as authentication_middleware
from accounts.authentication import querysets as authentication_querysets
from accounts.authentication.services import auth_sessions
from accounts.care import access as care_access
from accounts.care import querysets as care_querysets
from accounts.care.access import access_to
from accounts.care.api import patients
from accounts.care.contexts import listed as care_listed
from accounts.care.querysets import PatientOwnedQuerySet
from accounts.identity import querysets as identity_querysets
from accounts.mail import services as mail_services
from accounts.models import TherapistPatient, User
from audit import log
from audit.admin.staff import ClinicStaffAdmin
from sessions_app import access as sessions_access
from sessions_app import api as sessions_api
from sessions_app import views as sessions_views
from sessions_app.contexts import listed
from sessions_app.models import TherapySession
from sessions_app.notes.services import summaries
from sessions_app.querysets import SessionQuerySet
from sessions_app.serializers import session_rows
from therapybridge.core.errors import Forbidden, NotFound
from timeline import access as timeline_access
from timeline import api as timeline_api
from timeline import querysets as timeline_querysets
from timeline import views
from timeline.contexts import feed
from treatment.goals import access as goals_access
from treatment.plans import access as plans_access
from treatment.plans.querysets import PlanQuerySet
from treatment.thread.services import links
from treatment.tracking import access as tracking_access
from treatment.tracking import api as tracking_api
from treatment.tracking.querysets import EntryQuerySet
from treatment.tracking.views import patients as tracking_views

Patch = pytest.MonkeyPatch
PATIENT = "api/v1/patients/<id:patient_id>"
EVENT = f"{PATIENT}/timeline/<id:event_id>"
SESSION = "api/v1/sessions/<id:pk>"
TRACKER = "api/v1/trackers/<id:tracker_id>"


@dataclass(frozen=True)
class Mutant:
    """A mutant, and the routes where it must be detected."""

    name: str
    where: tuple[tuple[str, str], ...]
    apply: Callable[[Patch], None]


MUTANTS: list[Mutant] = []


def breaks(*where: tuple[str, str]) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Register a mutant that must be detected at one of these routes."""

    def register(apply: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS.append(Mutant(apply.__name__, where, apply))
        return apply

    return register


@breaks(("api/v1/sessions", "GET"))
def a_list_without_its_permission(patch: Patch) -> None:
    patch.setattr(sessions_api.SessionViewSet, "permission_classes", [AllowAny])


@breaks((PATIENT, "GET"))
def a_row_without_its_permission(patch: Patch) -> None:
    patch.setattr(patients.Patient, "permission_classes", [AllowAny])


@breaks(("portal", "GET"), ("today", "GET"))
def pages_that_forget_their_roles(patch: Patch) -> None:
    patch.setattr(access, "require_role", lambda *args, **kwargs: None)


@breaks((PATIENT, "GET"))
def patients_of_every_clinic(patch: Patch) -> None:
    def visible(rows: Any, user: User) -> Any:
        return rows.patients().filter(identity_querysets.care_exists(user) | identity_querysets._is_open_to(user))

    patch.setattr(identity_querysets.UserQuerySet, "patients_visible_to", visible)


@breaks((PATIENT, "GET"))
def ended_relations_that_go_on(patch: Patch) -> None:
    def treated(therapist: User, patient: str = "pk") -> Any:
        return Exists(TherapistPatient.objects.filter(therapist=therapist, patient=OuterRef(patient)))

    patch.setattr(identity_querysets, "care_exists", treated)


@breaks((PATIENT, "GET"))
def closed_accounts_that_stay_open(patch: Patch) -> None:
    def live(rows: Any) -> Any:
        return rows.filter(revoked_at=None)

    patch.setattr(authentication_querysets.AuthSessionQuerySet, "live", live)


@breaks((PATIENT, "PATCH"), (f"{SESSION}/approve-summary", "POST"))
def emergencies_that_write(patch: Patch) -> None:
    visible = identity_querysets.UserQuerySet.patients_visible_to
    patch.setattr(identity_querysets.UserQuerySet, "patients_treated_by", visible)
    everyone = Value(value=True)
    patch.setattr(
        identity_querysets.UserQuerySet, "with_write_access", lambda rows, user: rows.annotate(is_writable=everyone)
    )


@breaks((PATIENT, "GET"))
def emergencies_without_an_end(patch: Patch) -> None:
    patch.setattr(care_querysets.BreakGlassQuerySet, "live", lambda rows: rows.filter(ended_at=None))


@breaks((PATIENT, "GET"))
def sessions_without_their_second_factor(patch: Patch) -> None:
    def valid_session(session_id: Any, kind: str) -> Any:
        return auth_sessions.AuthSession.objects.live().with_auth_state().filter(pk=session_id, kind=kind).first()

    patch.setattr(auth_sessions, "valid_session", valid_session)


@breaks((PATIENT, "GET"))
def enrolment_that_can_wait(patch: Patch) -> None:
    for module in (auth_sessions, authentication_middleware, backends):
        patch.setattr(module, "must_enrol", lambda session: False, raising=False)


@breaks(("patients/new", "POST"))
def pages_without_csrf(patch: Patch) -> None:
    patch.setattr(CsrfViewMiddleware, "_check_token", lambda *args: None)


@breaks((PATIENT, "PATCH"))
def an_api_without_csrf(patch: Patch) -> None:
    patch.setattr(SessionAuthentication, "enforce_csrf", lambda *args: None)


@breaks(("api/v1/sessions", "GET"))
def a_list_of_everybodys_sessions(patch: Patch) -> None:
    rows = TherapySession.objects.filter(deleted_at=None)
    patch.setattr(listed, "session_rows", lambda visible: session_rows(rows))


@breaks(("api/v1/patients", "GET"))
def a_list_of_everybodys_patients(patch: Patch) -> None:
    patch.setattr(care_listed, "_visible", lambda role: User.objects.patients().order_by())


@breaks((SESSION, "GET"), ("sessions/<uuid:pk>", "GET"))
def sessions_that_anyone_finds(patch: Patch) -> None:
    patch.setattr(SessionQuerySet, "visible_to", lambda rows, user: rows)


@breaks(("sessions", "GET"))
def a_page_that_lists_for_someone_else(patch: Patch) -> None:
    everyone = type("Everyone", (), {"is_therapist": True})
    real = SessionQuerySet.visible_to

    def visible(rows: Any, user: Any) -> Any:
        return rows if isinstance(user, everyone) else real(rows, user)

    patch.setattr(SessionQuerySet, "visible_to", visible)
    build = sessions_views.list_context
    patch.setattr(sessions_views, "list_context", lambda user, query: build(everyone(), query))


@breaks(("admin/accounts/user/", "GET"), ("admin/accounts/clinic/<path:object_id>/change/", "GET"))
def an_admin_site_for_all_clinics(patch: Patch) -> None:
    patch.setattr(ClinicStaffAdmin, "of_clinic", lambda admin, request, rows, path: rows)


@breaks(("admin/accounts/user/<path:object_id>/delete/", "POST"))
def an_admin_site_that_deletes(patch: Patch) -> None:
    patch.setattr(ClinicStaffAdmin, "has_delete_permission", lambda *args, **kwargs: True)


@breaks(("portal/timeline", "GET"), (f"{PATIENT}/timeline", "GET"))
def private_events_in_the_portal(patch: Patch) -> None:
    patch.setattr(timeline_querysets, "_may_read_private", lambda user: True)


@breaks((f"{PATIENT}/timeline", "GET"))
def drafts_for_patients(patch: Patch) -> None:
    patch.setattr(feed, "shown_to", lambda reader, row: row)


@breaks((PATIENT, "GET"))
def the_clinicians_view_for_patients(patch: Patch) -> None:
    patch.setattr(patients.care_serializers, "PatientSerializer", patients.care_serializers.ClinicianPatientSerializer)


@breaks(("patients/<uuid:patient_id>", "GET"))
def a_read_that_nobody_wrote_down(patch: Patch) -> None:
    patch.setattr(views, "record", lambda *args, **kwargs: None)


@breaks(("patients/<uuid:patient_id>", "GET"))
def a_read_that_was_written_down_twice(patch: Patch) -> None:
    def twice(*args: Any, **kwargs: Any) -> None:
        log.record(*args, **kwargs)
        log.record(*args, **kwargs)

    patch.setattr(views, "record", twice)


@breaks((SESSION, "GET"))
def a_refusal_that_nobody_wrote_down(patch: Patch) -> None:
    patch.setattr(sessions_access, "deny", lambda *args, **kwargs: None)


@breaks((PATIENT, "GET"))
def a_stranger_who_learns_that_there_is_one(patch: Patch) -> None:
    _answering(patch, lambda patient_id: Forbidden() if User.objects.filter(pk=patient_id).exists() else NotFound())


@breaks((PATIENT, "GET"))
def a_stranger_who_is_told_where(patch: Patch) -> None:
    _answering(patch, lambda patient_id: NotFound("Elsewhere." if User.objects.filter(pk=patient_id) else ""))


@breaks((PATIENT, "GET"))
def a_name_in_an_error(patch: Patch) -> None:
    def named(patient_id: Any) -> NotFound:
        person = User.objects.filter(pk=patient_id).first()
        return NotFound(f"{person.full_name} is not yours." if person else "")

    _answering(patch, named)


@breaks((PATIENT, "GET"))
def a_refusal_that_writes(patch: Patch) -> None:
    def touching(patient_id: Any) -> NotFound:
        User.objects.filter(pk=patient_id).update(time_zone="UTC")
        return NotFound()

    _answering(patch, touching)


@breaks((f"{SESSION}/approve-summary", "POST"))
def a_name_in_an_email(patch: Patch) -> None:
    approve = summaries.approve_summary

    def telling(session: Any, *args: Any, **kwargs: Any) -> Any:
        mail_services.queue_email("summary", "someone@example.org", session.patient.full_name, ["There is news."])
        return approve(session, *args, **kwargs)

    patch.setattr(summaries, "approve_summary", telling)


@breaks((EVENT, "GET"))
def events_under_anyones_name(patch: Patch) -> None:
    def found(by: Any, patient_id: Any, event_id: Any, action: str) -> Any:
        event = timeline_access.TimelineEvent.objects.visible_to(by.user).filter(pk=event_id).first()
        if event is None:
            raise NotFound
        return event, care_access.access_to(by, event.patient, may_write=False)

    patch.setattr(timeline_api, "open_event", found)


@breaks((f"{PATIENT}/timeline", "POST"), (EVENT, "DELETE"))
def changes_that_any_reader_may_make(patch: Patch) -> None:
    for module in (care_access, timeline_access):
        patch.setattr(module, "writable", lambda access, action: replace(access, may_write=True))


@breaks(("trackers/<uuid:pk>", "GET"), (TRACKER, "GET"))
def trackers_that_anyone_finds(patch: Patch) -> None:
    patch.setattr(PatientOwnedQuerySet, "visible_to", lambda rows, user: rows)


@breaks((TRACKER, "PATCH"), (f"{TRACKER}/entries", "POST"))
def trackers_that_their_patient_changes(patch: Patch) -> None:
    patch.setattr(tracking_access, "writable", lambda access, action: replace(access, may_write=True))


@breaks((f"{TRACKER}/entries", "GET"))
def therapists_words_for_patients(patch: Patch) -> None:
    patch.setattr(tracking_api, "OwnEntrySerializer", tracking_api.EntrySerializer)


@breaks((f"{TRACKER}/entries", "GET"))
def withdrawn_values_for_patients(patch: Patch) -> None:
    patch.setattr(EntryQuerySet, "standing", lambda rows: rows)


@breaks((f"{PATIENT}/check-ins", "GET"))
def check_ins_of_every_patient(patch: Patch) -> None:
    rows = tracking_api.CheckIn.objects.prefetch_related("entries")
    patch.setattr(tracking_api.PatientCheckIns, "get_queryset", lambda view: rows)


@breaks(("api/v1/check-ins", "POST"), ("account/reminders", "POST"))
def check_ins_by_therapists(patch: Patch) -> None:
    opened = partial(access_to, may_write=True)
    for module in (tracking_api, tracking_views):
        patch.setattr(module, "open_own_record", lambda by, action: opened(by, by.user))


@breaks(("api/v1/plans/<id:plan_id>", "GET"), ("api/v1/plans", "GET"), ("plans/<uuid:pk>", "GET"))
def plans_that_anyone_finds(patch: Patch) -> None:
    patch.setattr(PatientOwnedQuerySet, "visible_to", lambda rows, user: rows)


@breaks(("api/v1/plans", "GET"), ("portal/plans", "GET"))
def drafts_of_plans_for_patients(patch: Patch) -> None:
    patch.setattr(PlanQuerySet, "shared_with", lambda rows, patient: rows.filter(patient=patient))


@breaks(("api/v1/goals/<id:goal_id>", "PATCH"), ("goals/<uuid:pk>/move", "POST"))
def goals_that_any_reader_changes(patch: Patch) -> None:
    patch.setattr(goals_access, "writable", lambda access, action: replace(access, may_write=True))


@breaks(("api/v1/plans/<id:plan_id>/consents/request", "POST"))
def links_for_plans_of_any_reader(patch: Patch) -> None:
    patch.setattr(plans_access, "writable", lambda access, action: replace(access, may_write=True))


@breaks(("api/v1/notes/<id:note_id>/goals", "PUT"))
def notes_that_serve_other_peoples_goals(patch: Patch) -> None:
    patch.setattr(links, "_require_offered", lambda note, new: None)


def _answering(patch: Patch, refusal: Callable[[Any], Exception]) -> None:
    """The patients' access check refuses in a different way."""
    real = patients.open_record

    def opened(by: Any, patient_id: Any, action: str) -> Any:
        try:
            return real(by, patient_id, action)
        except NotFound:
            raise refusal(patient_id) from None

    patch.setattr(patients, "open_record", opened)
