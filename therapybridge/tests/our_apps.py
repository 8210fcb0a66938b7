"""The apps of this project, from the settings, so that no rule for all of them forgets a new one."""

from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
OUR_APPS = frozenset(name for name in settings.INSTALLED_APPS if (ROOT / name / "__init__.py").is_file())
