"""The same law as where-clauses: what an actor may know of a table, before a row is read.

A scope never depends on the row's content, only on the actor, so queries stay narrow and fast.
`tests/policy` ties it to the rules: what a scope returns is what `permits` allows.
"""

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from dispatch.policy.actor import Actor


def of_my_groups(actor: Actor, group_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Rows of the groups that `actor` coordinates."""
    if not actor.is_at_work or not actor.coordinates:
        return false()
    return group_id.in_(actor.coordinates)


def of_me_as_driver(actor: Actor, driver_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Rows that name a driver record of `actor`."""
    if not actor.is_at_work or not actor.drives:
        return false()
    return driver_id.in_(actor.driver_ids)


def of_groups_i_drive_for(
    actor: Actor, group_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Rows of the groups that `actor` drives for."""
    if not actor.is_at_work or not actor.drives:
        return false()
    return group_id.in_(actor.drives)


def of_my_family(actor: Actor, family_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Rows of the family that `actor` is."""
    if not actor.is_at_work or actor.family_id is None:
        return false()
    return family_id == actor.family_id


def of_my_groups_or_me(
    actor: Actor,
    group_id: InstrumentedAttribute[int],
    driver_id: InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    """Rows of the groups that `actor` coordinates, and rows that name it as driver."""
    return or_(of_my_groups(actor, group_id), of_me_as_driver(actor, driver_id))
