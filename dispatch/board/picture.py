"""The map of a day: areas and public places, and the ways between them; no home."""

from collections import Counter

from dispatch.board.queries import Day
from dispatch.board.rules import OVER
from dispatch.places import cells


def map_of(found: Day) -> dict[str, object]:
    """Cells with how many rides touch them, public places in use, and the ways still to be driven.

    Ways that are over would hide the others on a full day.
    """
    ends = [end for row in found.rows for end in (row.pickup, row.dropoff)]
    touched = Counter((end.cell_code, end.cell_name) for end in ends if not end.is_public)
    public = {(end.name, end.point): end for end in ends if end.is_public}
    return {
        "cells": [
            {"name": name, "squares": cells.outlines_of(code), "count": number}
            for (code, name), number in touched.items()
        ],
        "places": [
            {
                "name": one.name,
                "kind": one.kind[0].upper(),
                "lat": one.point[0],
                "lon": one.point[1],
            }
            for one in public.values()
        ],
        "rides": [
            {
                "ride": str(row.uid),
                "state": row.state,
                "from": _rough(row.pickup.point),
                "to": _rough(row.dropoff.point),
                "words": row.number,
            }
            for row in found.rows
            if row.state not in OVER
        ],
    }


def _rough(point: tuple[float, float]) -> tuple[float, float]:
    """To ten metres: what a map of areas needs, in half the letters."""
    return round(point[0], 4), round(point[1], 4)
