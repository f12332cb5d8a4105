"""The pages of planning: the coordinator's decisions, and the driver's phone."""

from dispatch.planning.views.blueprint import blueprint

from dispatch.planning.views import (  # isort: skip -- they add their routes
    assigning,
    driven,
    dropping_out,
    moving,
    phone,
    proposals,
    replacing,
    rides,
    runs,
    troubles,
)

__all__ = [
    "assigning",
    "blueprint",
    "driven",
    "dropping_out",
    "moving",
    "phone",
    "proposals",
    "replacing",
    "rides",
    "runs",
    "troubles",
]
