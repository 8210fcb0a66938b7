"""The OpenAPI schema of this app."""

import json

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts import urls_api


def test_the_schema_is_valid_and_without_warnings(capsys):
    schema = SchemaGenerator(patterns=urls_api.urlpatterns).get_schema(request=None, public=True)
    validate_schema(json.loads(json.dumps(schema)))
    assert capsys.readouterr().err == ""
    assert set(schema["paths"]) == {
        "/auth/login",
        "/auth/refresh",
        "/auth/logout",
        "/auth/sign-up",
        "/auth/verify-email",
        "/auth/password-reset",
        "/auth/password-reset/confirm",
        "/me/password",
        "/invitations",
        "/invitations/accept",
        "/invitations/{invitation_id}",
        "/patients/{patient_id}/access-requests",
        "/access-requests/{request_id}/withdraw",
        "/access-requests/{request_id}/handle",
        "/patients/{patient_id}/disclosures",
        "/patients/{patient_id}/access-log",
        "/emergency-access",
        "/emergency-access/{grant_id}/end",
        "/emergency-access/{grant_id}/review",
        "/auth/mfa",
        "/auth/step-up",
        "/auth/devices",
        "/auth/devices/{session_id}",
        "/auth/devices/revoke-all",
        "/patients/{patient_id}/consents/request",
        "/patients/{patient_id}/consents/request/{request_id}",
        "/me",
        "/patients",
        "/patients/{patient_id}",
        "/patients/{patient_id}/consents",
    }
    assert schema["paths"]["/me"]["get"]["security"][0] == {"bearer": []}
