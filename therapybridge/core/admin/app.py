"""Django's admin app with our site."""

from django.contrib.admin import apps


class ClinicAdminConfig(apps.AdminConfig):
    """Uses ClinicAdminSite as the default site."""

    default_site = "therapybridge.core.admin.site.ClinicAdminSite"
