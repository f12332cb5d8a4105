"""A world with two groups, everybody who could ask for something, and a thing of every kind."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from dispatch.db.base import Base
from dispatch.db.transactions import Database, vault_of
from dispatch.drivers.models import Driver
from dispatch.erasing.models import LegalHold
from dispatch.families.models import Family
from dispatch.feeds.models import RideFeed
from dispatch.glass.models import GlassBreak, Need
from dispatch.incidents.models import Incident, IncidentKind, Told
from dispatch.notify.models import Message, MessageKind
from dispatch.people import alarms, sessions, two_persons
from dispatch.people import service as people
from dispatch.people.factors import apps
from dispatch.people.factors.models import Passkey
from dispatch.people.facts import Claims
from dispatch.people.models import (
    Alarm,
    Group,
    Invitation,
    Membership,
    Motion,
    Role,
    User,
    UserState,
)
from dispatch.places import grants
from dispatch.places.models import Place
from dispatch.planning.models import (
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    RunState,
    Unserved,
)
from dispatch.planning.service.looking import in_question
from dispatch.policy import Standing
from dispatch.policy.actor import ANONYMOUS, SYSTEM, Actor
from dispatch.rides.models import Leg, Ride, RideState
from dispatch.visits.models import FamilyPhone
from dispatch.visits.service.entering import actor_of
from tests import build

COOKIE = "dispatch"
FAMILY_COOKIE = "family"
FAMILIES = ("family", "family elsewhere", "another family", "family while frozen")
"""Principals who opened a page with a code; nobody else has their cookie."""
FROZEN = (
    "driver while frozen",
    "coordinator while frozen",
    "steward while frozen",
    "family while frozen",
)
"""Principals who ask while the service is paused, each signed in since it is."""
CODE = "the-code-of-an-open-invitation-and-of-a-link"
MATTER = two_persons.register(
    two_persons.Matter("test:nothing", say=lambda *_: "Nothing", carry_out=lambda *_, **__: None)
)
KIND = alarms.register(alarms.Kind("test:nothing", say=lambda *_: "Nothing"))


@dataclass
class Side:
    """One group with its people and things, by name."""

    group: Group
    coordinator: User
    driver: Driver
    other_driver: Driver
    things: dict[str, Base] = field(default_factory=dict)
    law: dict[str, object] = field(default_factory=dict)
    """What the law decides on, by the name of the thing: the thing itself, or what is asked."""


@dataclass
class World:
    """Two sides, and everybody's actor and cookie by the name of the role."""

    ours: Side
    theirs: Side
    actors: dict[str, Actor]
    """Who asks while the service is open."""
    tokens: dict[str, str]
    files: dict[str, Path]
    frozen: dict[str, Actor] = field(default_factory=dict)
    """Who asks while it is paused."""
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    """What only its owner's form can say, by the name of the role: field and value."""
    is_frozen: bool = False

    def browser(self, app: Flask, principal: str) -> FlaskClient:
        """A browser of `principal`: signed in, unless nobody is."""
        client = app.test_client()
        if principal in self.tokens:
            name = FAMILY_COOKIE if principal in FAMILIES else COOKIE
            client.set_cookie(name, self.tokens[principal])
        return client

    def keep(self) -> None:
        """Let what is there now be what is put back."""
        _copy(self.files["live"], self.files["kept"])

    def put_back(self) -> None:
        """Undo everything that was done since the world was made, or was kept."""
        _copy(self.files["frozen" if self.is_frozen else "kept"], self.files["live"])

    def freeze(self, is_frozen: bool) -> None:
        """Let the service be paused, or open, with nothing else done."""
        if self.is_frozen is not is_frozen:
            self.is_frozen = is_frozen
            self.put_back()


def make(database: Database, now: datetime) -> World:
    """The world, committed; our accepted ride can be looked at `now`."""
    with database.transaction() as session:
        ours, theirs = _side(session, now), _side(session, now)
        steward = build.a_user(session, is_steward=True)
        suspended, locked = _member(session, ours.group), _member(session, ours.group)
        users = {
            "driver": ours.driver.user,
            "other driver": ours.other_driver.user,
            "driver elsewhere": theirs.driver.user,
            "coordinator": ours.coordinator,
            "coordinator elsewhere": theirs.coordinator,
            "steward": steward,
            "suspended": suspended,
            "locked": locked,
        }
        tokens = {name: sessions.begin(session, user, now=now) for name, user in users.items()}
        suspended.state = locked.state = UserState.SUSPENDED
        locked.locked_at = now
        session.add(_invitation(build.a_user(session, state=UserState.INVITED), now))
        feed = RideFeed(driver=ours.driver, token_hash=sessions.hash_of(CODE), made_at=now)
        session.add(feed)
        session.flush()
        drivers = [ours.driver, ours.other_driver, theirs.driver]
        actors = {name: _actor(user, drivers) for name, user in users.items()}
        for name, (user, standing) in {
            "driver to enrol": (ours.driver.user, Standing.TO_ENROL),
            "coordinator to enrol": (ours.coordinator, Standing.TO_ENROL),
            "driver half in": (ours.driver.user, Standing.HALF_IN),
            "steward half in": (steward, Standing.HALF_IN),
        }.items():
            tokens[name] = sessions.begin(session, user, now=now, standing=standing)
            actors[name] = replace(actors[name.split()[0]], standing=standing)
        people_in = {name: users.get(name) or users[name.split()[0]] for name in actors}
        own = {name: _factors(session, user, now) for name, user in people_in.items()}
        for name, family in _families(session, ours, theirs).items():
            tokens[name], actors[name] = _a_phone(session, family, now), actor_of(family)
    live = Path(database.engine.url.database or "")
    files = {name: live.with_suffix(f".{name}") for name in ("kept", "frozen")}
    made = World(ours, theirs, {"anonymous": ANONYMOUS, **actors}, tokens, {"live": live, **files})
    made.own = own
    made.keep()
    _freeze(database, made, {name: users.get(name.split()[0]) for name in FROZEN}, now)
    return made


def _factors(session: Session, user: User, now: datetime) -> dict[str, str]:
    """What `user` has: two passkeys, one of which may go, and an app that was begun."""
    known = session.scalars(select(Passkey).where(Passkey.user_id == user.id)).all()
    if not known:
        known = [
            Passkey(
                user=user,
                credential=f"credential {number} of {user.uid}".encode(),
                public_key=b"of no device",
                label="A made-up browser",
                made_at=now,
            )
            for number in range(2)
        ]
        session.add_all(known)
    app = apps.find_app(session, user) or apps.begin(session, user, now=now)
    session.flush()
    return {
        "passkey": str(known[0].uid),
        "code": apps.code_at(apps.secret_of(session, app), now),
    }


def _freeze(database: Database, made: World, users: dict[str, User | None], now: datetime) -> None:
    """Keep the world as it is while the service is paused, and who signed in since."""
    with database.transaction() as session:
        people.freeze(session, SYSTEM, now=now)
        for name, user in users.items():
            role = name.split()[0]
            made.frozen[name] = replace(made.actors[role], is_frozen=True)
            made.tokens[name] = (
                made.tokens[role] if user is None else sessions.begin(session, user, now=now)
            )
            made.own[name] = made.own.get(role, {})
    _copy(made.files["live"], made.files["frozen"])
    made.put_back()


def _families(session: Session, ours: Side, theirs: Side) -> dict[str, Family]:
    """The family of our rides, one of the other side, and a neighbour of our own group."""
    return {
        "family": ours.things["family"],
        "family elsewhere": theirs.things["family"],
        "another family": build.a_family(session, ours.group),
    }


def _a_phone(session: Session, family: Family, now: datetime) -> str:
    """The token of a phone on which `family` has opened its page."""
    token = f"the-token-of-{family.uid}"
    hashed = sessions.hash_of(token)
    session.add(FamilyPhone(family=family, token_hash=hashed, made_at=now, seen_at=now))
    session.flush()
    return token


def _copy(one: Path, other: Path) -> None:
    """Make the database `other` the same as `one`."""
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)


def everything() -> ColumnElement[bool]:
    """A scope that hides nothing: what a test plants."""
    return true()


def _side(session: Session, now: datetime) -> Side:
    group = build.a_group(session, claims=Claims.ASK, lets_navigate=True)
    driver, other = build.a_driver(session, group), build.a_driver(session, group)
    side = Side(group, _member(session, group), driver, other)
    family = build.a_family(session, group)
    clinic = build.a_public_place(session, group)

    def a_ride(hours: float, state: RideState) -> Ride:
        at = now + timedelta(hours=hours)
        window = {"window_starts_at": at - timedelta(minutes=30), "window_ends_at": at}
        return build.a_ride(
            session,
            group,
            family=family,
            dropoff_place=clinic,
            state=state,
            service_on=at.date(),
            **window,
        )

    run = MatchRun(
        group_id=group.id, service_on=build.DAY, state=RunState.RUNNING, asked_at=now, attempt=1
    )
    session.add(run)
    session.flush()
    open_ride, proposed = a_ride(24, RideState.OPEN), a_ride(26, RideState.OPEN)
    offered, accepted = a_ride(28, RideState.OFFERED), a_ride(1, RideState.ACCEPTED)
    proposal = Proposal(run=run, group_id=group.id, ride=proposed, driver=driver)
    proposal.pickup_at = proposed.window_starts_at - timedelta(minutes=20)
    proposal.dropoff_at, proposal.ride_version = proposed.window_starts_at, proposed.version
    unserved = Unserved(run_id=run.id, ride=open_ride, reason="no_driver", ride_version=1)
    offer = _assignment(driver, offered, AssignmentState.OFFERED, now)
    held = _assignment(driver, accepted, AssignmentState.ACCEPTED, now)
    message = Message(
        group_id=group.id,
        kind=MessageKind.RIDE_CANCELLED,
        family=family,
        ride=open_ride,
        once=f"world:{group.uid}",
        made_at=now,
    )
    session.add_all([proposal, unserved, offer, held, message])
    session.flush()
    grants.open_to_driver(
        session,
        assignment=held,
        places=[family.place],
        starts_at=held.pickup_at - group.grant_before,
        ends_at=held.dropoff_at + group.grant_after,
    )
    side.things = {
        "group": group,
        "member": driver.user,
        "driver": driver,
        "family": family,
        "place": clinic,
        "home": family.place,
        "request": open_ride.request,
        "ride": open_ride,
        "run": run,
        "proposal": proposal,
        "offer": offer,
        "assignment": held,
        "message": message,
        "way back": _way_back(session, group, family, clinic, now),
        "incident": _incident(session, open_ride, now),
        **_to_watch(session, group, now),
    }
    _hold(session, family, _member(session, group), now)
    session.refresh(held, ["grants"])
    side.law = {**side.things, "assignment": in_question(held, group)}
    return side


def _way_back(session: Session, group: Group, family: Family, clinic: Place, now: datetime) -> Ride:
    """A return that nobody has, which drivers may raise a hand for."""
    at = now + timedelta(hours=30)
    return build.a_ride(
        session,
        group,
        family=family,
        leg=Leg.RETURN,
        pickup_place=clinic,
        dropoff_place=family.place,
        service_on=at.date(),
        window_starts_at=at - timedelta(minutes=30),
        window_ends_at=at,
    )


def _incident(session: Session, ride: Ride, now: datetime) -> Incident:
    """Something that went wrong on `ride`."""
    incident = Incident(
        group_id=ride.group_id,
        family=ride.family,
        ride=ride,
        happened_on=ride.service_on,
        kind=IncidentKind.CAR,
        told=[Told.FAMILY.value],
        made_at=now,
    )
    incident.seal("sealed_note", "A flat tyre on the bridge.", vault_of(session))
    session.add(incident)
    session.flush()
    return incident


def _to_watch(session: Session, group: Group, now: datetime) -> dict[str, Base]:
    """What a colleague of our coordinator asked for, and an alarm about that colleague."""
    colleague = _member(session, group)
    motion = Motion(
        matter=MATTER.name,
        subject_uid=group.uid,
        group_id=group.id,
        facts={},
        asked_by_id=colleague.id,
        asked_at=now,
        expires_at=now + timedelta(days=3),
    )
    alarm = Alarm(
        kind=KIND.name,
        group_id=group.id,
        about_id=colleague.id,
        once=f"world:{group.uid}",
        facts={},
        made_at=now,
    )
    closed = build.a_family(session, group, withdrawn_at=now)
    broken = GlassBreak(
        group_id=group.id,
        family=closed,
        user_id=colleague.id,
        need=Need.STRANDED,
        starts_at=now - timedelta(hours=1),
        ends_at=now - timedelta(minutes=30),
        review_by=now + timedelta(hours=71),
    )
    session.add_all([motion, alarm, broken])
    session.flush()
    return {"motion": motion, "alarm": alarm, "glass": broken, "closed family": closed}


def _hold(session: Session, family: Family, asked_by: User, now: datetime) -> None:
    """A hold on `family` that two persons wanted."""
    hold = LegalHold(
        family=family,
        group_id=family.group_id,
        asked_by_id=asked_by.id,
        made_at=now,
        confirmed_at=now,
        expires_at=now + timedelta(days=30),
    )
    hold.seal("sealed_reason", "A court asked to be shown the record.", vault_of(session))
    session.add(hold)
    session.flush()


def _invitation(user: User, now: datetime) -> Invitation:
    return Invitation(
        user=user,
        code_hash=sessions.hash_of(CODE),
        made_at=now,
        expires_at=now + timedelta(days=3),
    )


def _member(session: Session, group: Group) -> User:
    user = build.a_user(session)
    session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    session.flush()
    return user


def _assignment(driver: Driver, ride: Ride, state: AssignmentState, now: datetime) -> Assignment:
    arrives = ride.window_ends_at - timedelta(minutes=10)
    return Assignment(
        group_id=ride.group_id,
        ride=ride,
        driver=driver,
        user_id=driver.user_id,
        state=state,
        pickup_at=arrives - timedelta(minutes=20),
        dropoff_at=arrives,
        busy_until=arrives + timedelta(minutes=3),
        approved_at=now,
    )


def _actor(user: User, drivers: list[Driver]) -> Actor:
    return sessions.actor_of(
        user, {one.group_id: one.id for one in drivers if one.user_id == user.id}
    )
