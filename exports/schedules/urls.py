"""Pages of scheduled exports."""

from django.urls import include, path

from exports.schedules import views

schedule_pages = [
    path("export-schedules", views.schedule_list, name="list"),
    path("export-schedules/<uuid:pk>", views.schedule_detail, name="detail"),
    path("export-schedules/<uuid:pk>/end", views.end, name="end"),
    path("patients/<uuid:patient_id>/export-schedules/new", views.new_schedule, name="new"),
]
urlpatterns = [path("", include((schedule_pages, "export_schedules")))]
