"""The admin pages of all subjects of this app."""

from treatment.goals import admin as goals_admin

__all__ = ["goals_admin"]
