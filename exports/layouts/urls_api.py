"""API routes of layouts; no trailing slashes."""

from rest_framework.routers import SimpleRouter

from exports.layouts.api import LayoutViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("export-layouts", LayoutViewSet, basename="api-export-layout")
urlpatterns = router.urls
