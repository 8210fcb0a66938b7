"""Pages of taking over data."""

from django.urls import include, path

from exports.transfers import views

transfer_pages = [
    path("", views.transfer, name="new"),
    path("/confirm", views.confirm, name="confirm"),
]
urlpatterns = [path("transfers", include((transfer_pages, "transfers")))]
