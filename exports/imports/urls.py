"""Pages of imports."""

from django.urls import include, path

from exports.imports import views

import_pages = [
    path("", views.import_list, name="list"),
    path("/new", views.new_import, name="new"),
    path("/<uuid:pk>", views.import_detail, name="detail"),
    path("/<uuid:pk>/progress", views.import_progress, name="progress"),
    path("/<uuid:pk>/confirm", views.confirm, name="confirm"),
    path("/<uuid:pk>/discard", views.discard, name="discard"),
]
origin_pages = [
    path("patients/<uuid:patient_id>/origin", views.patient_origin, name="patient"),
    path("notes/<uuid:pk>/origin", views.note_origin, name="note"),
]
urlpatterns = [path("imports", include((import_pages, "imports"))), path("", include((origin_pages, "origins")))]
