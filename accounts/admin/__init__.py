"""The clinic's administration: who works here and who treats whom, without a patient's name on any page."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from accounts import admin_consent, admin_rights
from accounts.admin import care, clinics, people

__all__ = ["Authenticator", "EmailAddress", "GroupAdmin", "admin_consent", "admin_rights", "care", "clinics", "people"]

# What importing their pages above registered: rights follow the role, addresses and the secrets of second factors have
# pages of the people themselves.
admin.site.unregister([Group, EmailAddress, Authenticator])
