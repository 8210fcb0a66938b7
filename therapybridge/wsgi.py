"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from therapybridge.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
application = get_wsgi_application()
refuse_to_start()
