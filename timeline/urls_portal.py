"""Routes of the patient portal; read-only by construction."""

from django.urls import path

from timeline import views

app_name = "portal"

urlpatterns = [
    path("", views.portal_home, name="home"),
    path("/timeline", views.portal_timeline, name="timeline"),
]
