"""WSGI entry point."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from therapybridge.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
application = get_wsgi_application()
refuse_to_start()
import_module(settings.ROOT_URLCONF)  # all views, which the first request would import
# The code that was loaded is never garbage. Were it not set aside, a request that makes many objects would now and then
# wait until the collector has gone through all of it, which takes longer than the page.
gc.collect()
gc.freeze()
