"""The pages of requests and rides."""

from dispatch.rides.views.blueprint import blueprint

from dispatch.rides.views import requesting, showing  # isort: skip -- they add their routes

__all__ = ["blueprint", "requesting", "showing"]
