"""The pages of planning: the coordinator's decisions, and the driver's phone."""

from dispatch.planning.views.blueprint import blueprint

from dispatch.planning.views import desk, phone  # isort: skip -- they add their routes

__all__ = ["blueprint", "desk", "phone"]
