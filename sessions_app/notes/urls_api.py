"""API routes of templates and notes; no trailing slashes."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from sessions_app.notes.api import amendments
from sessions_app.notes.api.notes import NoteViewSet
from sessions_app.notes.api.parts import Addenda, NoteVersions, OneNoteVersion
from sessions_app.notes.api.private import OnePrivateNote, PrivateNotes
from sessions_app.notes.api.release import OneSignedNote, SignedNotes, Withholding
from sessions_app.notes.api.snippets import SnippetViewSet
from sessions_app.notes.api.style import OwnStyle
from sessions_app.notes.api.summaries import OneSharedSummary, SharedSummaries
from sessions_app.notes.api.templates import TemplateViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("templates", TemplateViewSet, basename="api-template")
router.register("snippets", SnippetViewSet, basename="api-snippet")
router.register("notes", NoteViewSet, basename="api-note")
urlpatterns = [
    *router.urls,
    path("drafting-style", OwnStyle.as_view(), name="api-drafting-style"),
    path("notes/<id:note_id>/addenda", Addenda.as_view(), name="api-note-addenda"),
    path("notes/<id:note_id>/versions", NoteVersions.as_view(), name="api-note-versions"),
    path("notes/<id:note_id>/versions/<int:number>", OneNoteVersion.as_view(), name="api-note-version"),
    path("notes/<id:note_id>/withholding", Withholding.as_view(), name="api-note-withholding"),
    path("patients/<id:patient_id>/notes", SignedNotes.as_view(), name="api-signed-notes"),
    path("patients/<id:patient_id>/notes/<id:note_id>", OneSignedNote.as_view(), name="api-signed-note"),
    path(
        "patients/<id:patient_id>/notes/<id:note_id>/amendments",
        amendments.NoteAmendments.as_view(),
        name="api-note-amendments",
    ),
    path("patients/<id:patient_id>/private-notes", PrivateNotes.as_view(), name="api-private-notes"),
    path("private-notes/<id:private_note_id>", OnePrivateNote.as_view(), name="api-private-note"),
    path("patients/<id:patient_id>/summaries", SharedSummaries.as_view(), name="api-summaries"),
    path("patients/<id:patient_id>/summaries/<id:summary_id>", OneSharedSummary.as_view(), name="api-summary"),
    path("amendments", amendments.Amendments.as_view(), name="api-amendments"),
    path("amendments/<id:amendment_id>/accept", amendments.AcceptAmendment.as_view(), name="api-amendment-accept"),
    path("amendments/<id:amendment_id>/deny", amendments.DenyAmendment.as_view(), name="api-amendment-deny"),
    path("amendments/<id:amendment_id>/extend", amendments.ExtendAmendment.as_view(), name="api-amendment-extend"),
    path("amendments/<id:amendment_id>/dispute", amendments.DisputeAmendment.as_view(), name="api-amendment-dispute"),
]
