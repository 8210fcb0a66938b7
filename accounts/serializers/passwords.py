"""Bodies about passwords."""

from rest_framework import serializers

from accounts.serializers.joining import SECRET_LENGTH, NewPasswordField
from accounts.serializers.strict import StrictSerializer


class AskResetSerializer(StrictSerializer):
    """Which account."""

    email = serializers.EmailField(max_length=254)


class ResetSerializer(StrictSerializer):
    """The last two parts of the link in the letter, and the new password."""

    user = serializers.UUIDField()
    token = serializers.CharField(max_length=SECRET_LENGTH, write_only=True)
    password = NewPasswordField()


class ChangePasswordSerializer(StrictSerializer):
    """The present password, and the one to come."""

    current_password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    new_password = NewPasswordField()
