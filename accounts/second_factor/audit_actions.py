"""Audit actions for second factors."""

from audit.audit_actions import declare

SECOND_FACTOR_ADDED = declare("second_factor.added", "set up a second factor")
SECOND_FACTOR_REMOVED = declare("second_factor.removed", "removed a second factor")
SECOND_FACTOR_USED = declare("second_factor.used", "used a second factor")
SECOND_FACTOR_FAILED = declare("second_factor.failed", "entered a wrong second factor")
SECOND_FACTOR_MANAGED = declare("second_factor.managed", "looked at their second factors", is_read=True)
RECOVERY_CODES_GENERATED = declare("recovery_codes.generated", "created new recovery codes")
