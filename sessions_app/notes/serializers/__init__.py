"""Serializers for notes, by what they are about."""
