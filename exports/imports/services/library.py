"""What a record refers to besides its patient: people of the staff, forms of notes, interventions of the library.

What is here already is used as it is; the rest is added so that the record can be read, and so that nobody works with
it: accounts that nobody can sign in to, forms and interventions that are not offered.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Clinic, User
from exports.imports.services.inserting import insert, require_valid
from exports.imports.services.refusals import ImportRefused
from exports.records.people import Person
from exports.records.record import Record
from exports.records.sessions import NoteTemplate as Form
from exports.records.treatment import GoalIntervention as Use
from sessions_app.models import NoteTemplate, TemplateVersion
from treatment.models import Intervention

STAFF = (User.Role.THERAPIST, User.Role.ADMIN)
NAMES = ("first_name", "last_name")
NUMBERS = range(1, 10_001)  # of versions of a form


def taken_people(record: Record, clinic: Clinic) -> Iterator[UUID]:
    """Ids of the file's staff that belong to somebody here: nothing in a file is ever said by an account of a person.

    Only those whom an earlier import added are used again; nobody can sign in as them.
    """
    for person in User.objects.filter(pk__in=[one.id for one in record.staff]):
        if person.clinic_id != clinic.pk or not _is_stand_in(person):
            yield person.pk


def _is_stand_in(person: User) -> bool:
    is_reachable = person.is_active or person.email or person.has_usable_password()
    return person.role in STAFF and not is_reachable


def add_people(record: Record, clinic: Clinic) -> None:
    """Those who are not here: without e-mail and password, and inactive, so that nobody ever signs in as them."""
    ids = [one.id for one in record.staff]
    known = set(User.objects.filter(pk__in=ids).values_list("pk", flat=True))
    for person in record.staff:
        if person.id not in known:
            _add_person(person, clinic)


def _add_person(person: Person, clinic: Clinic) -> None:
    if person.role not in STAFF:
        raise ImportRefused("invalid_value", "Somebody of the staff is neither therapist nor administrator.", "staff")
    names = {"first_name": person.first_name or person.name, "last_name": person.last_name}
    user = User(pk=person.id, clinic=clinic, role=person.role, is_active=False, is_verified=False, **names)
    require_names(user)
    user.set_unusable_password()
    user.save(force_insert=True)


def require_names(user: User) -> None:
    """ImportRefused for names that no form would have let in."""
    if not user.first_name.strip():
        raise ImportRefused("invalid_value", "Somebody has no name.", "User.first_name")
    for name in NAMES:
        require_valid(User._meta.get_field(name), getattr(user, name), "User")


def taken_forms(record: Record, clinic: Clinic) -> Iterator[UUID]:
    """Ids of the file's forms that are those of other forms here."""
    new = {one.id: one for one in _new_forms(record, clinic)}
    yield from TemplateVersion.objects.filter(pk__in=new).values_list("pk", flat=True)
    held = NoteTemplate.objects.filter(pk__in={one.template for one in new.values()})
    others = {one.pk for one in held if one.clinic_id != clinic.pk or not _came_in(one)}
    numbers = set(TemplateVersion.objects.filter(template__in=held).values_list("template", "number"))
    yield from (pk for pk, one in new.items() if one.template in others or (one.template, one.number) in numbers)


def _came_in(form: NoteTemplate) -> bool:
    """Whether an earlier import added it: the clinic's own have an owner, or are in use."""
    return form.owner_id is None and form.archived_at is not None and not form.key


def _new_forms(record: Record, clinic: Clinic) -> Iterator[Form]:
    """Those that are not here word for word."""
    known = TemplateVersion.objects.filter(pk__in=[one.id for one in record.templates]).select_related("template")
    held = {one.pk: one.definition for one in known if one.template.clinic_id in (None, clinic.pk)}
    return (form for form in record.templates if held.get(form.id) != form.definition)


def add_forms(record: Record, clinic: Clinic, at: datetime) -> None:
    """Archived ones of the clinic: notes keep theirs, and nobody is offered it for new ones."""
    for form in _new_forms(record, clinic):
        if form.number not in NUMBERS:
            raise ImportRefused("invalid_value", "A form has a number that no form has.", "templates")
        if not NoteTemplate.objects.filter(pk=form.template).exists():
            row = {"id": form.template, "name": form.name, "clinic_id": clinic.pk, "archived_at": at}
            insert(NoteTemplate, [row])
        whole = {"id": form.id, "template_id": form.template, "number": form.number, "definition": form.definition}
        insert(TemplateVersion, [whole])


def interventions_here(record: Record, clinic: Clinic, at: datetime) -> dict[UUID, UUID]:
    """The library's entry for each of the file's; those that are not known are added to the clinic's, retired."""
    uses = {use.intervention: use for goal in record.treatment.goals for use in goal.interventions}
    return {pk: _here(use, clinic, at) for pk, use in uses.items()}


def _here(use: Use, clinic: Clinic, at: datetime) -> UUID:
    known = Intervention.objects.filter(clinic=None) | Intervention.objects.filter(clinic=clinic)
    ways: list[dict[str, Any]] = [{"pk": use.intervention}, *([{"key": use.key}] if use.key else [])]
    for way in (*ways, {"clinic": clinic, "name": use.name}):
        if found := known.filter(**way).values_list("pk", flat=True).first():
            return UUID(str(found))
    row = {"id": use.intervention, "name": use.name, "modality": use.modality, "clinic_id": clinic.pk}
    insert(Intervention, [row | {"retired_at": at}])
    return use.intervention


def taken_interventions(record: Record, clinic: Clinic) -> Iterator[UUID]:
    """Ids of entries that other clinics have."""
    ids = {use.intervention for goal in record.treatment.goals for use in goal.interventions}
    others = Intervention.objects.filter(pk__in=ids).exclude(clinic=None).exclude(clinic=clinic)
    yield from others.values_list("pk", flat=True)
