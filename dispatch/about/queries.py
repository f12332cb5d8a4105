"""How long the groups of this installation keep what they keep, and who may learn of it."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dispatch.people.models import Group


@dataclass(frozen=True)
class Longest:
    """The longest periods that any group has set: nothing is kept for longer than it says."""

    ride_days: int
    family_days: int
    message_days: int
    before_minutes: int
    """How long before a pickup a driver may read an address, at most."""
    after_minutes: int


def longest(session: Session) -> Longest:
    """The longest periods of all groups; what a new group begins with if there is none."""
    columns = {
        "ride_days": Group.ride_days,
        "family_days": Group.family_days,
        "message_days": Group.message_days,
        "before_minutes": Group.grant_before_minutes,
        "after_minutes": Group.grant_after_minutes,
    }
    found = session.execute(select(*(func.max(one) for one in columns.values()))).one()
    begins = {name: column.property.columns[0].default.arg for name, column in columns.items()}
    return Longest(
        **{
            name: begins[name] if value is None else value
            for name, value in zip(columns, found, strict=True)
        }
    )


def any_lets_navigate(session: Session) -> bool:
    """Whether drivers of some group may hand an address to a map app."""
    return bool(session.scalar(select(exists().where(Group.lets_navigate))))
