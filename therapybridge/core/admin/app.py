"""Django's admin app on a site of ours."""

from django.contrib.admin import apps


class ClinicAdminConfig(apps.AdminConfig):
    """The administration."""

    default_site = "therapybridge.core.admin.site.ClinicAdminSite"
