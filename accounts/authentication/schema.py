"""What the OpenAPI document says about our tokens."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Bearer access tokens."""

    target_class = "accounts.authentication.backends.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """As OpenAPI spells it."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
