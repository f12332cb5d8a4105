"""A valid `Asked`, and places that need no database."""

from datetime import date, time
from itertools import count

from dispatch.places.models import Place, PlaceKind
from dispatch.rides.models import Anchor, Purpose
from dispatch.rides.rules import Asked

RIDE_FORM = {
    "pickup": "home",
    "dropoff": "Lakeview Clinic",
    "anchor": "arrive_by",
    "day": "2027-03-09",
    "time": "10:30",
    "flexible": "15",
    "return": "none",
    "adults": "1",
    "children": "1",
    "purpose": "medical",
}
"""The form of a request, filled in, but for the family."""
_ids = count(1)


def somewhere(name="Lakeview Clinic"):
    """A public place that is stored nowhere."""
    return Place(id=next(_ids), kind=PlaceKind.CLINIC, name=name, latitude=49.2, longitude=-123.1)


def asked_for(**values):
    """One adult to a doctor on Tuesday 9 March 2027, there by ten."""
    defaults = {
        "anchor": Anchor.ARRIVE_BY,
        "on": date(2027, 3, 9),
        "at": time(10, 0),
        "purpose": Purpose.MEDICAL,
    }
    if "pickup" not in values:
        values |= {"pickup": somewhere("Mill Hill library"), "dropoff": somewhere()}
    return Asked(**{**defaults, **values})
