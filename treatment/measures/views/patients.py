"""What patients see of questionnaires: in the portal, which only shows, and the page of a link, which takes answers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import POST, page
from accounts.care.access import RecordAccess, open_own_record
from accounts.models import User
from audit.log import record
from therapybridge.core import limits, links
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.pages.forms import status_of, submit
from treatment.instruments import INSTRUMENTS
from treatment.measures.access import open_assignment
from treatment.measures.audit_actions import MEASURE_LISTED, MEASURE_OPENED
from treatment.measures.contexts.portal import portal_context
from treatment.measures.forms import QuestionnaireForm
from treatment.measures.services.results import answer_by_link, counts, sent_by
from treatment.measures.services.risk import review_unrecorded
from treatment.models import FormLink, MeasureAssignment, MeasureResult
from treatment.patient_forms.access import NobodyTreats, open_form, require_reader
from treatment.patient_forms.services.links import create_link


@page(MEASURE_LISTED, User.Role.PATIENT)
def portal_measures(request: HttpRequest) -> HttpResponse:
    """What the patient may fill in, and their own results in plain words."""
    access = open_own_record(actor_of(request), MEASURE_LISTED)
    context = portal_context(access.patient)
    record(MEASURE_LISTED, by=access, ids=[one["series"].last.pk for one in context["shown"]])
    return render(request, "treatment/portal_measures.html", context)


@page(MEASURE_OPENED, User.Role.PATIENT, methods=POST)
def fill_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead to a page of its own, which takes the answers once."""
    assignment, access = open_assignment(actor_of(request), pk, MEASURE_OPENED)
    if not assignment.is_open:
        return redirect("portal_measures:list")
    return redirect("measure_form", create_link(access, FormLink.Purpose.MEASURE, assignment.pk))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def measure_form(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the questionnaire and take the answers; only they use the link up."""
    by = actor_of(request)
    limits.check("signing", f"ip:{by.network}")
    link, access = open_form(by, secret, FormLink.Purpose.MEASURE)
    assignment = _assignment(link)
    kept = sent_by(link) if request.method == "POST" else None
    if kept or link.state != "open" or not assignment.is_open:
        return _too_late(request, access, assignment, kept)
    form = QuestionnaireForm(request.POST or None, instrument=INSTRUMENTS[assignment.instrument])
    try:
        require_reader(access.patient)
        done = submit(form, answer_by_link, access, link, assignment, catch=(InvalidInput,))
    except NobodyTreats:
        return render(request, "treatment/unread.html", {"clinic": link.patient.clinic}, status=Conflict.status)
    except (links.LinkGone, Conflict):  # something else came first
        return _too_late(request, access, assignment, sent_by(link))
    if done:
        return redirect("measure_sent") if done.result else _too_late(request, access, assignment, sent_by(link))
    return _form_page(request, access, assignment, form)


def _assignment(link: FormLink) -> MeasureAssignment:
    """What the link is for, whether it waits or not."""
    rows = MeasureAssignment.objects.filter(patient=link.patient_id, pk=link.target_id)
    found: MeasureAssignment | None = rows.select_related("assigned_by").first()
    if found is None:
        raise links.LinkGone
    return found


def _too_late(
    request: HttpRequest, access: RecordAccess, assignment: MeasureAssignment, kept: MeasureResult | None
) -> HttpResponse:
    """Thank for the answers that came before; say of all others that they are not recorded, and what is passed on."""
    if request.method != "POST":
        raise links.LinkGone
    form = QuestionnaireForm(request.POST, instrument=INSTRUMENTS[assignment.instrument])
    form.is_valid()
    answers = form.cleaned_data["answers"]
    if kept and counts(kept, answers):
        return redirect("measure_sent")
    told = {"item": review_unrecorded(access, assignment, answers), "came_before": bool(kept)}
    return render(request, "treatment/measure_not_sent.html", told, status=Conflict.status)


def _form_page(
    request: HttpRequest, access: RecordAccess, assignment: MeasureAssignment, form: QuestionnaireForm
) -> HttpResponse:
    record(MEASURE_OPENED, assignment, by=access)
    patient, instrument = access.patient, INSTRUMENTS[assignment.instrument]
    context = {"form": form, "instrument": instrument, "clinic": patient.clinic, "first_name": patient.first_name}
    return render(request, "treatment/measure_form.html", context, status=status_of(form))


@require_safe
def measure_sent(request: HttpRequest) -> HttpResponse:
    """The thank-you page; it contains no personal data."""
    return render(request, "treatment/measure_sent.html")
