"""Serializers for summaries as their patients read them."""

from typing import Any

from rest_framework import serializers

from sessions_app.notes.choices import SummaryStatus


class SharedSummarySerializer(serializers.Serializer[Any]):
    """A summary in its patient's list; `excerpt` ends in “…” if it is cut, and is empty for a withdrawn one."""

    id = serializers.UUIDField(source="pk", read_only=True)
    session_title = serializers.CharField(read_only=True)
    session_date = serializers.DateTimeField(read_only=True)
    status = serializers.ChoiceField(SummaryStatus.choices, read_only=True, help_text="shared or withdrawn")
    excerpt = serializers.CharField(read_only=True)
    shared_at = serializers.DateTimeField(read_only=True, allow_null=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class SharedSummaryTextSerializer(SharedSummarySerializer):
    """A summary in full; the text is empty for a withdrawn one."""

    text = serializers.CharField(read_only=True)
