"""What a coordinator is told whose change of a family moved its rides."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch.families.facts import Followed
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_day, say_time

if TYPE_CHECKING:
    from dispatch.rides.models import Ride

MOST_SAID = 4
"""More rides than these are counted."""


def say_followed(followed: Followed | None, zone: ZoneInfo) -> list[str]:
    """A sentence for each kind of rides there is; the ones that want another look by their time."""
    if followed is None:
        return []
    said = []
    if followed.quiet:
        count = len(followed.quiet)
        said.append(
            ngettext(
                "One ride without a driver follows.",
                "%(num)s rides without a driver follow.",
                count,
            )
        )
    if followed.released:
        rides = _say_rides(followed.released, zone)
        said.append(_("These lost their driver and are open again: %(rides)s.", rides=rides))
    if followed.under_way:
        rides = _say_rides(followed.under_way, zone)
        said.append(_("Call the driver, this is under way: %(rides)s.", rides=rides))
    return said


def _say_rides(rides: list["Ride"], zone: ZoneInfo) -> str:
    said = [_say_ride(ride, zone) for ride in rides[:MOST_SAID]]
    more = len(rides) - MOST_SAID
    if more > 0:
        said.append(ngettext("one more", "%(num)s more", more))
    return "; ".join(said)


def _say_ride(ride: "Ride", zone: ZoneInfo) -> str:
    day = say_day(ride.service_on)
    return f"{day}, {say_time(ride.window_ends_at, zone)}" if ride.window_ends_at else day
