"""Whose turn it is: what a fair spread of load is worth, in the matcher's seconds.

A driver who drove much lately for what it offers costs more, one who drove little costs less. A
family that was passed over costs less with every driver, so that among equals it comes first;
what is worth more is still served before what is worth less.
"""

from collections.abc import Iterable
from datetime import timedelta

from dispatch.planning.facts import DriverDay

LOOKED_BACK = timedelta(days=28)
"""How far back driving and being passed over count."""
PASSED_OVER = -900
"""Seconds for each ride of the family that nobody drove."""
MOST_TURNS = 4
"""Rides passed over that count, at most: after that, more wishes change nothing."""


def turn(passed_over: int) -> int:
    """Seconds, none or fewer, that a family's ride costs less after so many rides not driven."""
    return PASSED_OVER * min(passed_over, MOST_TURNS)


def surcharges(drivers: Iterable[DriverDay], *, weight: int) -> dict[int, int]:
    """Seconds that one ride of each driver costs more, by driver id; below 0 it costs less.

    Who drove, for each hour offered, as much as all drivers together did costs nothing more; who
    drove nothing costs `weight` seconds less, and who drove twice as much or more, `weight` more.
    With a weight of 0, or when nobody drove lately, all cost the same.
    """
    crew = [one for one in drivers if one.usually_offers > 0]
    offered = sum(one.usually_offers for one in crew)
    drove = sum(one.drove_lately for one in crew)
    if weight == 0 or drove == 0:
        return {}
    ratios = {
        one.driver_id: one.drove_lately * offered / (one.usually_offers * drove) for one in crew
    }
    return {driver: round(weight * (min(ratio, 2.0) - 1.0)) for driver, ratio in ratios.items()}
