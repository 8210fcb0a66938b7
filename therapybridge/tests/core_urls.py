"""Routes that fail in every possible way, for the tests of problems, middleware, limits and pages."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from therapybridge.core import errors, problems
from therapybridge.core.api.views import ApiView
from therapybridge.core.limits import limited

SECRET = "Mrs Example sleeps badly"
RAISED: dict[str, Exception] = {
    "invalid": errors.InvalidInput("Bad date.", errors={"date": ["Use a date."]}),
    "forbidden": errors.Forbidden("Only the author may sign."),
    "consent": errors.ConsentRequired(),
    "conflict": errors.Conflict("Already signed.", code="signed"),
    "large": errors.TooLarge(),
    "media": errors.UnsupportedMedia(),
    "unprocessable": errors.Unprocessable(),
    "limited": errors.RateLimited(retry_after=7),
    "unavailable": errors.Unavailable(),
    "teapot": errors.DomainError("No coffee.", code="teapot", status=418),
    "django404": Http404(SECRET),
    "django403": PermissionDenied(SECRET),
    "suspicious": SuspiciousOperation(SECRET),
    "defect": RuntimeError(SECRET),
}
RAISED_BY_API: dict[str, Exception] = RAISED | {
    "model": ModelValidationError({"name": ["Too long."], "__all__": ["No."]}),
    "plain-model": ModelValidationError("No."),
    "nested": exceptions.ValidationError({"goals": [{}, {"title": ["Missing."]}], "name": "Wrong."}),
    "sentence": exceptions.ValidationError("Wrong."),
    "parse": exceptions.ParseError(SECRET),
    "gone": exceptions.NotFound(SECRET),
    "throttled": exceptions.Throttled(wait=3.2),
    "media-type": exceptions.UnsupportedMediaType("text/plain"),
    "wrapped": exceptions.AuthenticationFailed({"detail": "Token is expired", "code": "token_not_valid"}),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello " + request.POST.get("name", ""))


@limited("signing")
def sign(request: HttpRequest) -> HttpResponse:
    return HttpResponse("stored")


class ItemSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=5)


class Fail(ApiView):
    permission_classes = [AllowAny]

    def get(self, request: Request, name: str) -> Response:
        raise RAISED_BY_API[name]


class Items(ApiView):
    permission_classes = [AllowAny]
    limits = {"put": "export"}

    def get(self, request: Request) -> Response:
        return Response([])

    def post(self, request: Request) -> Response:
        serializer = ItemSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(status=204)

    def put(self, request: Request) -> Response:
        return Response({})


class Private(ApiView):
    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [
    path("hello", hello),
    path("sign", sign),
    path("static/hello", hello),
    path("fail/<name>", fail),
    path("api/fail/<name>", Fail.as_view()),
    path("api/items", Items.as_view()),
    path("api/private", Private.as_view()),
    path("api/plain/<name>", fail),
]
handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.not_found
handler500 = problems.server_error
