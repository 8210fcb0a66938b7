"""The admin pages of exports."""

import exports.jobs.admin  # noqa: F401
