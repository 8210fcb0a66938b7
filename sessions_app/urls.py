"""Session pages of the therapist portal."""

from django.urls import include, path

from sessions_app import views
from sessions_app.action_items import views as item_views
from sessions_app.notes.views import amendments, archive, notes, portal, private, release, snippets, style, templates
from sessions_app.processing import views as processing_views
from sessions_app.risk import views as risk_views

session_pages = [
    path("", views.session_list, name="list"),
    path("/new", views.new_session, name="new"),
    path("/running", views.running, name="running"),
    path("/<uuid:pk>", views.session_detail, name="detail"),
    path("/<uuid:pk>/progress", views.session_progress, name="progress"),
    path("/<uuid:pk>/recording", views.session_recording, name="recording"),
    path("/<uuid:pk>/print", views.session_print, name="print"),
    path("/<uuid:pk>/note", notes.note_of_session, name="note"),
    path("/<uuid:pk>/note/new", notes.create_note, name="create_note"),
    path("/<uuid:pk>/retry", views.retry, name="retry"),
    path("/<uuid:pk>/cancel", views.cancel, name="cancel"),
    path("/<uuid:pk>/draft", views.extract_notes, name="extract_notes"),
    path("/<uuid:pk>/summary", views.approve_summary, name="approve_summary"),
    path("/<uuid:pk>/summary/decline", views.decline_summary, name="decline_summary"),
    path("/<uuid:pk>/summary/withdraw", views.withdraw_summary, name="withdraw_summary"),
    path("/<uuid:pk>/speakers", views.identify_speakers, name="identify_speakers"),
    path("/<uuid:pk>/speakers/swap", views.swap_speakers, name="swap_speakers"),
    path("/<uuid:pk>/speakers/line", views.reassign_line, name="reassign_line"),
    path("/<uuid:pk>/statements/<slug:statement>/keep", views.keep_statement, name="keep_statement"),
    path("/<uuid:pk>/statements/<slug:statement>/delete", views.delete_statement, name="delete_statement"),
]
note_pages = [
    path("", notes.note_list, name="list"),
    path("/deleted", notes.deleted_notes, name="deleted"),
    path("/<uuid:pk>", notes.note_detail, name="detail"),
    path("/<uuid:pk>/restore", notes.restore_note, name="restore"),
    path("/<uuid:pk>/print", notes.print_note, name="print"),
    path("/<uuid:pk>/save", notes.save_note, name="save"),
    path("/<uuid:pk>/regenerate", notes.regenerate_note, name="regenerate"),
    path("/<uuid:pk>/template", notes.change_template, name="change_template"),
    path("/<uuid:pk>/prepare", notes.prepare_signing, name="prepare_signing"),
    path("/<uuid:pk>/sign", notes.sign_note, name="sign"),
    path("/<uuid:pk>/cosign", notes.cosign_note, name="cosign"),
    path("/<uuid:pk>/addenda", notes.add_addendum, name="add_addendum"),
    path("/<uuid:pk>/delete", notes.delete_note, name="delete"),
    path("/<uuid:pk>/archive", archive.archive_note, name="archive"),
    path("/<uuid:pk>/unarchive", archive.unarchive_note, name="unarchive"),
    path("/<uuid:pk>/withhold", release.withhold_note, name="withhold"),
    path("/<uuid:pk>/review", release.move_review, name="move_review"),
    path("/<uuid:pk>/release", release.release_note, name="release"),
]
portal_note_pages = [
    path("", portal.signed_notes, name="list"),
    path("/<uuid:pk>", portal.signed_note, name="detail"),
]
portal_summary_pages = [
    path("", portal.summaries, name="list"),
    path("/<uuid:pk>", portal.summary, name="detail"),
]
amendment_pages = [
    path("account/notes/<uuid:pk>/corrections", amendments.ask, name="ask"),
    path("account/corrections/<uuid:pk>/statement", amendments.dispute, name="dispute"),
    path("corrections/<uuid:pk>/accept", amendments.accept, name="accept"),
    path("corrections/<uuid:pk>/deny", amendments.deny, name="deny"),
    path("corrections/<uuid:pk>/extend", amendments.extend, name="extend"),
]
template_pages = [
    path("", templates.template_list, name="list"),
    path("/new", templates.new_template, name="new"),
    path("/<uuid:template_id>", templates.template_detail, name="detail"),
    path("/<uuid:template_id>/edit", templates.edit_template, name="edit"),
    path("/<uuid:template_id>/duplicate", templates.duplicate_template, name="duplicate"),
    path("/<uuid:template_id>/share", templates.share_template, name="share"),
    path("/<uuid:template_id>/withdraw", templates.withdraw_template, name="withdraw"),
    path("/<uuid:template_id>/archive", templates.archive_template, name="archive"),
    path("/<uuid:template_id>/restore", templates.restore_template, name="restore"),
    path("/<uuid:template_id>/delete", templates.delete_template, name="delete"),
]
private_note_pages = [
    path("patients/<uuid:patient_id>/private-notes", private.private_notes, name="list"),
    path("private-notes/<uuid:pk>", private.private_note, name="detail"),
    path("private-notes/<uuid:pk>/delete", private.delete_private_note, name="delete"),
    path("private-notes/<uuid:pk>/restore", private.restore_private_note, name="restore"),
]
snippet_pages = [
    path("", snippets.snippet_list, name="list"),
    path("/menu", snippets.snippet_menu, name="menu"),
    path("/<uuid:snippet_id>", snippets.snippet_detail, name="detail"),
    path("/<uuid:snippet_id>/delete", snippets.delete_snippet, name="delete"),
]
risk_review_pages = [
    path("", risk_views.review_list, name="list"),
    path("/<uuid:pk>", risk_views.review_detail, name="detail"),
    path("/<uuid:pk>/acknowledge", risk_views.acknowledge, name="acknowledge"),
    path("/<uuid:pk>/dispose", risk_views.dispose, name="dispose"),
    path("/<uuid:pk>/hand-over", risk_views.hand_over, name="hand_over"),
]
action_item_pages = [
    path("patients/<uuid:patient_id>/action-items", item_views.item_list, name="list"),
    path("action-items/<uuid:pk>", item_views.item_detail, name="detail"),
    path("action-items/<uuid:pk>/change", item_views.change, name="change"),
    path("action-items/<uuid:pk>/done", item_views.done, name="done"),
    path("action-items/<uuid:pk>/show", item_views.show, name="show"),
]
portal_agreed_pages = [path("", item_views.agreed, name="list")]
urlpatterns = [
    path("today", views.today, name="today"),
    path("engine", processing_views.engine, name="engine"),
    path("engine/test", processing_views.try_connection, name="try_connection"),
    path("account/drafts", style.drafting_style, name="drafting_style"),
    path("help/drafts", views.about_drafts, name="about_drafts"),
    path("sessions", include((session_pages, "sessions"))),
    path("notes", include((note_pages, "notes"))),
    path("templates", include((template_pages, "templates"))),
    path("portal/notes", include((portal_note_pages, "portal_notes"))),
    path("portal/summaries", include((portal_summary_pages, "portal_summaries"))),
    path("risk-reviews", include((risk_review_pages, "risk_reviews"))),
    path("", include((amendment_pages, "amendments"))),
    path("snippets", include((snippet_pages, "snippets"))),
    path("", include((action_item_pages, "action_items"))),
    path("portal/agreed", include((portal_agreed_pages, "portal_agreed"))),
    path("", include((private_note_pages, "private_notes"))),
]
