"""Pages of layouts."""

from django.urls import include, path

from exports.layouts import views

layout_pages = [
    path("", views.layout_list, name="list"),
    path("/new", views.new_layout, name="new"),
    path("/<uuid:pk>", views.layout_detail, name="detail"),
    path("/<uuid:pk>/delete", views.delete_layout, name="delete"),
]
urlpatterns = [path("export-layouts", include((layout_pages, "layouts")))]
