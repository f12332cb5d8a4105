"""What the map may draw: the squares of cells and the points of public places, never a home."""

from sqlalchemy.orm import Session

from dispatch.people.middle import area_of
from dispatch.people.models import Group
from dispatch.places import queries
from dispatch.places.cells import outlines_of
from dispatch.places.models import Cell, Place, PlaceKind
from dispatch.policy import Actor

_SIGNS = {
    PlaceKind.MEETING_POINT: "M",
    PlaceKind.CLINIC: "+",
    PlaceKind.SCHOOL: "S",
    PlaceKind.COURT: "§",
    PlaceKind.SHOP: "$",
    PlaceKind.WORK: "W",
    PlaceKind.WORSHIP: "*",
    PlaceKind.COMMUNITY: "C",
}
"""The letter on the sign of a public place."""


def of_group(session: Session, actor: Actor, group: Group) -> dict[str, list]:
    """What `templates/parts/map.html` draws for `group`: its public places and their cells.

    Before there is any, where the group drives.
    """
    public = queries.public_places(session, actor, group)
    if not public and group.id in actor.coordinates:
        return area_of(group)
    cells = {place.cell_id: place.cell for place in public}
    return {
        "cells": [cell_on_map(cell) for cell in cells.values()],
        "places": [place_on_map(place) for place in public],
        "rides": [],
    }


def cell_on_map(cell: Cell, count: int = 0) -> dict[str, object]:
    """The squares of a cell with its name, and how many rides begin or end in it."""
    return {"name": cell.name, "squares": outlines_of(cell.code), "count": count}


def place_on_map(place: Place) -> dict[str, object]:
    """The sign of a public place."""
    latitude, longitude = place.coarse_point
    sign = _SIGNS.get(place.kind, "")
    return {"name": place.name, "kind": sign, "lat": latitude, "lon": longitude}
