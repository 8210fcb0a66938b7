"""Pages of exports."""

from django.urls import include, path

from exports.jobs.views import exports, portal

export_pages = [
    path("exports", exports.export_list, name="list"),
    path("patients/<uuid:patient_id>/exports/new", exports.new_export, name="new"),
    path("exports/<uuid:pk>", exports.export_detail, name="detail"),
    path("exports/<uuid:pk>/progress", exports.export_progress, name="progress"),
    path("exports/<uuid:pk>/download", exports.download, name="download"),
    path("exports/<uuid:pk>/cancel", exports.cancel, name="cancel"),
    path("exports/<uuid:pk>/retry", exports.retry, name="retry"),
    path("exports/<uuid:pk>/delete", exports.delete, name="delete"),
]
copy_pages = [
    path("portal/copies", portal.copies, name="list"),
    path("portal/copies/<uuid:pk>", portal.copy_state, name="state"),
    path("account/copies", portal.make, name="make"),
    path("account/copies/<uuid:pk>/download", portal.download, name="download"),
    path("account/copies/<uuid:pk>/delete", portal.delete, name="delete"),
]
urlpatterns = [
    path("", include((export_pages, "exports"))),
    path("", include((copy_pages, "portal_copies"))),
]
