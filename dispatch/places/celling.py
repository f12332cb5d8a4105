"""Showing every place in the cell of the map that is in use: for the end of an import."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.crypto.keyring import Unreadable
from dispatch.db.transactions import vault_of
from dispatch.people.models import Group
from dispatch.places.cells import cell_for
from dispatch.places.models import Place
from dispatch.places.sealed import point_of


def put_into_cells(session: Session) -> int:
    """Find every place its cell anew; how many show another one now.

    Points are read in memory, and nothing but cells is written. A place that was given up keeps
    its cell, because its point is forgotten.
    """
    vault, groups = vault_of(session), {group.id: group for group in session.scalars(select(Group))}
    moved = 0
    for place in session.scalars(select(Place).where(Place.retired_at.is_(None))):
        try:
            point = point_of(place, vault)
        except Unreadable:
            continue  # its key was destroyed: there is nothing left to show otherwise
        cell = cell_for(session, groups[place.group_id], point, public_name=place.name)
        moved += place.cell is not cell
        place.cell = cell
    return moved
