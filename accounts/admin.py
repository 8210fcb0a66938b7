"""The clinic's administration: who works here and who treats whom, without a patient's name on any page."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

import accounts.care.admin
import accounts.consent.admin
import accounts.identity.admin
import accounts.rights.admin

__all__ = ["Authenticator", "EmailAddress", "GroupAdmin", "accounts"]

# What importing their pages above registered: rights follow the role, addresses and the secrets of second factors have
# pages of the people themselves.
admin.site.unregister([Group, EmailAddress, Authenticator])
