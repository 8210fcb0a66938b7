"""The clinic's administration: who works here and who treats whom, without a patient's name on any page."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

import accounts.care.admin
import accounts.consent.admin
import accounts.identity.admin
import accounts.mail.admin
import accounts.rights.admin

__all__ = ["Authenticator", "EmailAddress", "GroupAdmin", "accounts"]

# Registered by their apps, which are imported above. Permissions follow the role here, and people manage their own
# e-mail addresses and second factors on pages of ours.
admin.site.unregister([Group, EmailAddress, Authenticator])
