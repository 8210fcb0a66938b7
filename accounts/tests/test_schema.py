"""The OpenAPI schema of this app."""

import json

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts import urls_api


@pytest.mark.slow
def test_the_schema_is_valid_and_without_warnings(capsys):
    schema = SchemaGenerator(patterns=urls_api.urlpatterns).get_schema(request=None, public=True)
    validate_schema(json.loads(json.dumps(schema)))
    assert capsys.readouterr().err == ""
    assert schema["paths"]["/me"]["get"]["security"][0] == {"bearer": []}
