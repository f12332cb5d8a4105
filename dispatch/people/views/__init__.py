"""The pages of this room."""

from dispatch.people.views import account, door, groups, watch
from dispatch.people.views.room import blueprint

__all__ = ["account", "blueprint", "door", "groups", "watch"]
