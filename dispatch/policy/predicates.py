"""Facts about an actor and a thing, one small function each. They read attributes, query nothing.

`thing` is whatever the action is about; a predicate asks it only what its table can answer:
`group_id`, `driver_id`, `user_id`, or the grants handed over with a place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch.policy.actor import Actor, Standing


class Grant(Protocol):
    """What the law needs to know of an address grant."""

    driver_id: int
    place_id: int

    def is_live(self, now: datetime) -> bool:
        """Whether the place may be read at `now`."""
        ...


class Break(Protocol):
    """What the law needs to know of a closed family that somebody opened in need."""

    family_id: int
    user_id: int

    def is_live(self, now: datetime) -> bool:
        """Whether it is open at `now`."""
        ...


class SealedFamily(Protocol):
    """What the law needs to know of a family before anything of it is unsealed."""

    id: int
    is_closed: bool
    breaks: Iterable[Break]


@dataclass(frozen=True)
class PlaceInQuestion:
    """A place together with the grants that name it: what READ_ADDRESS is decided on."""

    place_id: int
    group_id: int
    grants: Iterable[Grant]
    family: SealedFamily | None = None
    """Whose home it is, if it is a family's."""

    @property
    def family_id(self) -> int | None:
        """The family whose home it is."""
        return None if self.family is None else self.family.id

    @property
    def is_closed(self) -> bool:
        """Whether the family is closed to its own desk."""
        return self.family is not None and self.family.is_closed

    @property
    def breaks(self) -> Iterable[Break]:
        """Who opened the family in need."""
        return () if self.family is None else self.family.breaks


@dataclass(frozen=True)
class RideInQuestion:
    """An accepted ride and its time: what MEET_FAMILY is decided on."""

    driver_id: int
    group_id: int
    is_accepted: bool
    opens_at: datetime
    closes_at: datetime
    """Exclusive."""
    may_navigate: bool
    """Whether its group lets drivers hand an address to a map app."""


def is_anyone(actor: Actor, thing: object, now: datetime) -> bool:
    """A person with an active account."""
    return actor.is_active and actor.user_id is not None


def is_steward(actor: Actor, thing: object, now: datetime) -> bool:
    """Keeps accounts, settings and keys; also while the service is frozen."""
    return actor.is_in and actor.is_steward


def is_system(actor: Actor, thing: object, now: datetime) -> bool:
    """The worker or the command line."""
    return actor.is_system


def coordinates_the_group(actor: Actor, thing: object, now: datetime) -> bool:
    """A coordinator of the group that the thing belongs to."""
    group_id = getattr(thing, "group_id", None)
    return actor.is_at_work and group_id is not None and group_id in actor.coordinates


def drives_for_the_group(actor: Actor, thing: object, now: datetime) -> bool:
    """A driver of the group that the thing belongs to."""
    group_id = getattr(thing, "group_id", None)
    return actor.is_at_work and group_id is not None and group_id in actor.drives


def is_the_driver(actor: Actor, thing: object, now: datetime) -> bool:
    """The driver whom the thing names: an assignment, an availability, the record itself."""
    driver_id = getattr(thing, "driver_id", None)
    return actor.is_at_work and driver_id is not None and driver_id in actor.driver_ids


def is_the_person(actor: Actor, thing: object, now: datetime) -> bool:
    """The person whose own account the thing is."""
    user_id = getattr(thing, "user_id", None)
    return actor.is_in and user_id is not None and user_id == actor.user_id


def is_entering(actor: Actor, thing: object, now: datetime) -> bool:
    """The person whose account the thing is, with nothing left to prove but maybe to set up."""
    user_id = getattr(thing, "user_id", None)
    has_proven = actor.is_active and actor.standing is not Standing.HALF_IN
    return has_proven and user_id is not None and user_id == actor.user_id


def is_half_in(actor: Actor, thing: object, now: datetime) -> bool:
    """The person whose account the thing is, with the second proof still missing."""
    user_id = getattr(thing, "user_id", None)
    is_waiting = actor.is_active and actor.standing is Standing.HALF_IN
    return is_waiting and user_id is not None and user_id == actor.user_id


def coordinates(actor: Actor, thing: object, now: datetime) -> bool:
    """A coordinator of any group; also while the service is frozen."""
    return actor.is_in and bool(actor.coordinates)


def coordinates_its_group_or_all(actor: Actor, thing: object, now: datetime) -> bool:
    """A coordinator of the group that the thing belongs to; of any, if it is the whole house's."""
    if hasattr(thing, "group_id") and thing.group_id is None:
        return actor.is_in and bool(actor.coordinates)
    return coordinates_the_group(actor, thing, now)


def is_a_second_person(actor: Actor, thing: object, now: datetime) -> bool:
    """Neither who asked for the thing nor whom it is about."""
    asked_by_id = getattr(thing, "asked_by_id", None)
    return (
        actor.is_in
        and actor.user_id is not None
        and asked_by_id is not None
        and asked_by_id != actor.user_id
        and getattr(thing, "subject_uid", None) != actor.uid
    )


def is_about_another(actor: Actor, thing: object, now: datetime) -> bool:
    """Not whose doing the thing is about: nobody watches over oneself."""
    about_id = getattr(thing, "about_id", None)
    return actor.is_in and actor.user_id is not None and about_id != actor.user_id


def is_another_person(actor: Actor, thing: object, now: datetime) -> bool:
    """Not the person who did what the thing is about: nobody reviews the own deed."""
    user_id = getattr(thing, "user_id", None)
    return actor.is_in and user_id is not None and user_id != actor.user_id


def is_the_family(actor: Actor, thing: object, now: datetime) -> bool:
    """The family whose ride, or whose own record, the thing is."""
    family_id = getattr(thing, "family_id", None)
    return actor.is_at_work and family_id is not None and family_id == actor.family_id


def is_not_closed(actor: Actor, thing: object, now: datetime) -> bool:
    """The family that the thing is about has not withdrawn. What cannot say so counts as closed."""
    return getattr(thing, "is_closed", None) is False


def holds_break_glass(actor: Actor, thing: object, now: datetime) -> bool:
    """Opened exactly this closed family in need, a short while ago, and nobody ended it."""
    family_id = getattr(thing, "family_id", None)
    return actor.is_at_work and any(
        one.family_id == family_id and one.user_id == actor.user_id and one.is_live(now)
        for one in getattr(thing, "breaks", ())
    )


def is_in_the_rides_time(actor: Actor, thing: object, now: datetime) -> bool:
    """The ride was accepted, and it is about to be driven, is being driven, or just was."""
    return (
        isinstance(thing, RideInQuestion)
        and thing.is_accepted
        and thing.opens_at <= now < thing.closes_at
    )


def may_be_navigated(actor: Actor, thing: object, now: datetime) -> bool:
    """The group lets drivers hand an address to a map app."""
    return isinstance(thing, RideInQuestion) and thing.may_navigate


def holds_live_grant(actor: Actor, thing: object, now: datetime) -> bool:
    """A driver with an open grant for exactly this place, at this moment."""
    if not actor.is_at_work or not isinstance(thing, PlaceInQuestion):
        return False
    return any(
        grant.place_id == thing.place_id
        and grant.driver_id in actor.driver_ids
        and grant.is_live(now)
        for grant in thing.grants
    )
