"""Base of the endpoints for therapists, of every app."""

from accounts.access import require_role
from accounts.models import User
from audit.audit_actions import Action
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.api.views import ApiView


class TherapistsView(ApiView):
    """Only for therapists: patients read what was released to them elsewhere."""

    def therapist(self, action: Action) -> Actor:
        """Who asks; Forbidden, audited as a denied `action`, for anyone but therapists."""
        by = actor_of(self.request)
        require_role(by, action, User.Role.THERAPIST)
        return by
