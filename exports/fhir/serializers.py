"""The bundle, for the OpenAPI schema; its resources are those of FHIR R4."""

from typing import Any

from rest_framework import serializers


class BundleEntrySerializer(serializers.Serializer[Any]):
    """A resource with its address inside the bundle."""

    fullUrl = serializers.CharField(read_only=True)  # noqa: N815  # FHIR's name
    resource = serializers.DictField()


class BundleSerializer(serializers.Serializer[Any]):
    """A FHIR R4 bundle of the type collection."""

    resourceType = serializers.ChoiceField(["Bundle"])  # noqa: N815  # FHIR's name
    id = serializers.UUIDField()
    type = serializers.ChoiceField(["collection"])
    timestamp = serializers.DateTimeField()
    identifier = serializers.DictField()
    meta = serializers.DictField()
    entry = BundleEntrySerializer(many=True)
