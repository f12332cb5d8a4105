"""The pages of this room."""

from dispatch.places.views import looking, public, server
from dispatch.places.views.room import blueprint

__all__ = ["blueprint", "looking", "public", "server"]
