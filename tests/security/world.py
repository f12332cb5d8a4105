"""A world with two groups, everybody who could ask for something, and a thing of every kind."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from dispatch.db.base import Base
from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.families.models import Family
from dispatch.glass.models import GlassBreak, Need
from dispatch.notify.models import Message, MessageKind
from dispatch.people import alarms, sessions, two_persons
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
from dispatch.policy.actor import ANONYMOUS, Actor
from dispatch.rides.models import Ride, RideState
from dispatch.visits.models import FamilyPhone
from dispatch.visits.service.entering import actor_of
from tests import build

COOKIE = "dispatch"
FAMILY_COOKIE = "family"
FAMILIES = ("family", "family elsewhere", "another family")
"""Principals who opened a page with a code; nobody else has their cookie."""
CODE = "the-code-of-an-open-invitation"
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
    tokens: dict[str, str]
    files: dict[str, Path]

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
        _copy(self.files["kept"], self.files["live"])


def make(database: Database, now: datetime) -> World:
    """The world, committed; our accepted ride can be looked at `now`."""
    with database.transaction() as session:
        ours, theirs = _side(session, now), _side(session, now)
        steward = build.a_user(session, is_steward=True)
        suspended = _member(session, ours.group)
        users = {
            "driver": ours.driver.user,
            "other driver": ours.other_driver.user,
            "driver elsewhere": theirs.driver.user,
            "coordinator": ours.coordinator,
            "coordinator elsewhere": theirs.coordinator,
            "steward": steward,
            "suspended": suspended,
        }
        tokens = {name: sessions.begin(session, user, now=now) for name, user in users.items()}
        suspended.state = UserState.SUSPENDED
        session.add(_invitation(build.a_user(session, state=UserState.INVITED), now))
        session.flush()
        drivers = [ours.driver, ours.other_driver, theirs.driver]
        actors = {name: _actor(user, drivers) for name, user in users.items()}
        for name, (user, standing) in {
            "coordinator to enrol": (ours.coordinator, Standing.TO_ENROL),
            "driver half in": (ours.driver.user, Standing.HALF_IN),
        }.items():
            tokens[name] = sessions.begin(session, user, now=now, standing=standing)
            actors[name] = replace(actors[name.split()[0]], standing=standing)
        for name, family in _families(session, ours, theirs).items():
            tokens[name], actors[name] = _a_phone(session, family, now), actor_of(family)
    live = Path(database.engine.url.database or "")
    kept = live.with_suffix(".kept")
    _copy(live, kept)
    files = {"live": live, "kept": kept}
    return World(ours, theirs, {"anonymous": ANONYMOUS, **actors}, tokens, files)


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
    group = build.a_group(session)
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
        **_to_watch(session, group, now),
    }
    session.refresh(held, ["grants"])
    side.law = {**side.things, "assignment": in_question(held, group)}
    return side


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
