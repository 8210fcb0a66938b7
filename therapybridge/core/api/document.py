"""The OpenAPI document: the same for everybody, so each process makes it once in each form."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request


@cache
def document() -> dict[str, Any]:
    """All operations, whoever may use them; not to be changed."""
    generator: Any = SchemaGenerator
    return dict(generator().get_schema(request=None, public=True))


@cache
def _written(renderer: Any) -> bytes:
    """To write it takes as long as to make it."""
    return bytes(renderer().render(document(), renderer_context={}))


class Schema(SpectacularAPIView):
    """The document as YAML or JSON."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """In the form that the client asks for."""
        renderer: Any = request.accepted_renderer
        kind: Any = type(renderer)
        form = renderer.media_type + (f"; charset={renderer.charset}" if renderer.charset else "")
        name = f"{settings.SPECTACULAR_SETTINGS['TITLE']}.{renderer.format}"
        return HttpResponse(
            _written(kind),
            content_type=form,
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )
