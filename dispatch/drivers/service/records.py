"""The record of a driver: car, places, limits, papers."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.drivers.facts import DriverFacts, OwnAddress, Stays, Where
from dispatch.drivers.models import Credential, CredentialKind, Driver
from dispatch.errors import NotFound, Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.people.models import Group, User
from dispatch.places import service as places
from dispatch.places.models import Place, PlaceKind
from dispatch.policy import Action, Actor


class NumberTaken(Refused):
    """Another driver of the group has this number."""


def save(
    session: Session,
    actor: Actor,
    facts: DriverFacts,
    *,
    group: Group,
    now: datetime,
    driver: Driver | None = None,
    user: User | None = None,
    seen_version: int | None = None,
) -> Driver:
    """Make `user` a driver of `group`, or change `driver` as a person saw it at `seen_version`.

    A new driver needs a start. Own addresses are sealed under the driver's key; changing them
    takes who may change places.

    Raises
        Stale: somebody changed the driver since.
        NumberTaken, places.service.PointRefused: what is wrong.
    """
    policy.require(actor, Action.CHANGE_DRIVER, driver or group, now)
    if driver is not None and driver.version != seen_version:
        raise Stale(_("Somebody changed this driver since you opened it. Nothing was overwritten."))
    _check(session, group, facts, driver)
    changed = driver or _new(session, group, user)
    _put_places(session, actor, changed, facts, group, now)
    _put(changed, facts)
    session.add(changed)
    session.flush()
    audit.record(session, actor, Action.CHANGE_DRIVER, changed, now=now, group_uid=group.uid)
    return changed


def record_paper(
    session: Session,
    actor: Actor,
    driver: Driver,
    kind: CredentialKind,
    expires_on: date,
    *,
    now: datetime,
) -> None:
    """Note that a coordinator saw a paper, and its last good day. It replaces the one before."""
    policy.require(actor, Action.CLEAR_DRIVER, driver, now)
    stored = next((one for one in driver.credentials if one.kind is kind), None)
    if stored is None:
        stored = Credential(kind=kind)
        driver.credentials.append(stored)
    stored.expires_on, stored.seen_at = expires_on, now
    _note_paper(session, actor, driver, now)


def drop_paper(
    session: Session, actor: Actor, driver: Driver, kind: CredentialKind, *, now: datetime
) -> None:
    """Forget a paper: it is no longer asked for."""
    policy.require(actor, Action.CLEAR_DRIVER, driver, now)
    driver.credentials = [one for one in driver.credentials if one.kind is not kind]
    _note_paper(session, actor, driver, now)


def _note_paper(session: Session, actor: Actor, driver: Driver, now: datetime) -> None:
    driver.version += 1
    session.flush()
    audit.record(session, actor, Action.CLEAR_DRIVER, driver, now=now)


def _new(session: Session, group: Group, user: User | None) -> Driver:
    if user is None:
        raise Refused(_("A driver needs an account."))
    there = select(Driver.id).where(Driver.group_id == group.id, Driver.user_id == user.id)
    if session.scalar(there) is not None:
        raise Refused(_("This person drives for the group already."))
    return Driver(group_id=group.id, user=user, version=0)


def _check(session: Session, group: Group, facts: DriverFacts, driver: Driver | None) -> None:
    taken = select(Driver.id).where(Driver.group_id == group.id, Driver.number == facts.number)
    if driver is not None:
        taken = taken.where(Driver.id != driver.id)
    if session.scalar(taken) is not None:
        raise NumberTaken(_("Another driver has this number."))


def _put(driver: Driver, facts: DriverFacts) -> None:
    driver.number, driver.state, driver.car = facts.number, facts.state, facts.car
    driver.seats, driver.wheelchair = facts.seats, facts.wheelchair
    driver.child_seats = {kind: count for kind, count in facts.child_seats.items() if count}
    driver.languages = list(facts.languages)
    driver.max_drive_minutes = facts.max_drive_minutes
    driver.max_rides_week = facts.max_rides_week
    driver.max_distance_km = facts.max_distance_km
    driver.version += 1


def _put_places(
    session: Session,
    actor: Actor,
    driver: Driver,
    facts: DriverFacts,
    group: Group,
    now: datetime,
) -> None:
    start, end = driver.start_place, driver.end_place
    has_own_end = end is not None and end is not start
    driver.start_place = _place_for(session, actor, driver, facts.start, start, group, now)
    if facts.end is Stays.AT_START or (facts.end is Stays.AS_STORED and not has_own_end):
        driver.end_place = driver.start_place
    else:
        own = end if has_own_end else None
        driver.end_place = _place_for(session, actor, driver, facts.end, own, group, now)


def _place_for(
    session: Session,
    actor: Actor,
    driver: Driver,
    where: Where,
    stored: Place | None,
    group: Group,
    now: datetime,
) -> Place:
    if isinstance(where, OwnAddress):
        typed = {"address": where.address, "point": where.point, "group": group, "now": now}
        typed["far_is_meant"] = where.far_is_meant
        if stored is not None and not stored.is_public:
            places.move(session, actor, stored, **typed)
            return stored
        owner, kind = driver.user.uid, PlaceKind.HOME
        return places.save_private(session, actor, owner_uid=owner, kind=kind, **typed)
    if isinstance(where, Place):
        policy.require(actor, Action.CHANGE_PLACE, group, now)
        if not where.is_public or where.group_id != group.id:
            raise NotFound("place")
        return where
    if stored is None:
        raise Refused(_("A driver needs a place to start from."))
    return stored
