"""The pages of drivers: records for coordinators, times for both."""

from dispatch.drivers.views import records, times
from dispatch.drivers.views.room import blueprint

__all__ = ["blueprint", "records", "times"]
