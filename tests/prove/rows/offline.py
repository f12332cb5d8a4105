"""A driver's phone that was offline: whatever it sends late, twice and in any order counts once.

Made-up drivers tap what their phone would let them tap. The taps arrive in random order, some of
them several times, two copies at the same moment, while the desk goes on: it reports for the
driver, takes the ride back, cancels it, gives it to somebody else. What each arrival changed is
read from the tables, on both databases.
"""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.errors import DispatchError
from dispatch.places.models import AddressGrant
from dispatch.planning import service
from dispatch.planning.models import (
    LIVE_STATES,
    Assignment,
    AssignmentState,
    Tap,
    Trouble,
    TroubleKind,
)
from dispatch.policy import Actor
from dispatch.rides.models import Ride, RideEvent, RideState
from dispatch.rides.rules import MOVES, UNDOES
from tests import build
from tests.conftest import NOW
from tests.dispatch.planning.service.world import ENGINE, PICKUP
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="driver actions made offline, in random order of reconnection, repeated, late and beside "
    "the desk, on SQLite and PostgreSQL",
    must="1,000 sequences: each applied once at most, every state legal, no grant wrong",
    quick=20,
    full=1_000,
)
_REACHES = {
    RideState.OFFERED: (Tap.ACCEPT, Tap.DECLINE),
    RideState.ACCEPTED: (Tap.ARRIVED, Tap.ARRIVED, Tap.ARRIVED, Tap.TROUBLE, Tap.DECLINE),
    RideState.ARRIVED: (Tap.ON_BOARD, Tap.ON_BOARD, Tap.NO_SHOW, Tap.TROUBLE, Tap.UNDO),
    RideState.ON_BOARD: (Tap.DONE, Tap.DONE, Tap.TROUBLE, Tap.UNDO),
    RideState.DONE: (Tap.UNDO,),
    RideState.NO_SHOW: (Tap.UNDO,),
}
"""What the phone offers to tap, by the state that it believes in."""
_MOST_TAPS = 8
_DESK = ("report", "release", "cancel", "give")
_TICK = timedelta(seconds=50)
"""Between two arrivals."""


@dataclass(frozen=True)
class Touch:
    """One tap, with the state that the phone believed in before and after."""

    uid: UUID
    what: Tap
    before: RideState
    after: RideState


@dataclass(frozen=True)
class Sequence:
    """One ride with its driver, another driver, and the desk."""

    ride_id: int
    held_id: int
    driver: Actor
    desk: Actor
    other_id: int


@dataclass
class Found:
    """What went wrong, by kind, with how much arrived and how much of it changed something."""

    wrong: Counter = field(default_factory=Counter)
    arrived: int = 0
    changed: int = 0

    def add(self, other: "Found") -> None:
        """Count together."""
        self.wrong += other.wrong
        self.arrived += other.arrived
        self.changed += other.changed


def prove(at: Workplace) -> Figure:
    """Play half of `at.size` sequences on each database."""
    found = Found()
    controls = 0
    for index, url in enumerate((None, at.postgres().create())):
        folder = at.folder / str(index)
        folder.mkdir()
        _settings, database = installation.make(folder, url)
        at.leaving.callback(database.engine.dispose)
        numbers = range(index, at.size, 2)
        for done, number in enumerate(numbers, 1):
            found.add(_play(database, random.Random(number)))  # noqa: S311 -- the same every time
            at.told((index + done / len(numbers)) / 2)
        controls += _check_the_detectors(database)
    wrong = "".join(f"; {kind}: {count}" for kind, count in sorted(found.wrong.items()))
    return Figure(
        looked_at=at.size,
        unit=f"sequences, {found.arrived:,} arrivals of which {found.changed:,} changed something",
        measured=f"{found.wrong.total()} applied twice, illegal or wrongly open{wrong}",
        holds=not found.wrong and found.changed > at.size,
        controls=controls,
    )


def _play(database: Database, chance: random.Random, *, with_uids: bool = True) -> Found:
    """One sequence from the first tap to the last arrival."""
    one = _make(database, chance)
    taps = _tapped(chance, RideState.OFFERED if chance.random() < 0.2 else RideState.ACCEPTED)
    if taps[0].before is RideState.ACCEPTED:
        _do(database, lambda session: _accept(session, one, NOW))
    arrivals = [(tap, chance.random() < 0.1) for tap in taps for _copy in range(_copies(chance))]
    if chance.random() < 0.7:
        chance.shuffle(arrivals)
    found, applied, answers = Found(), Counter(), {}
    now = PICKUP - timedelta(minutes=chance.randrange(0, 90))
    for tap, is_doubled in arrivals:
        now += _TICK * chance.randrange(1, 20)
        if chance.random() < 0.15:
            _act_as_desk(database, one, chance, now)
        before = _steps_of(database, one)
        for answer in _arrive(database, one, tap, now, twice=is_doubled, with_uid=with_uids):
            found.arrived += 1
            found.wrong["answered otherwise"] += answers.setdefault(tap.uid, answer) != answer
        applied[tap.uid] += _steps_of(database, one) - before
        found.wrong.update(_faults(database, one, now))
    found.changed = sum(applied.values())
    found.wrong["applied twice"] += sum(number > 1 for number in applied.values())
    found.wrong = +found.wrong
    return found


def _copies(chance: random.Random) -> int:
    """How often one tap arrives: mostly once, now and then never."""
    return chance.choice((0, 1, 1, 1, 1, 2, 2, 3))


def _tapped(chance: random.Random, state: RideState) -> list[Touch]:
    """What a driver taps who believes the ride to be in `state`."""
    taps: list[Touch] = []
    for _tap in range(chance.randrange(2, _MOST_TAPS)):
        what = chance.choice(_REACHES[state])
        after = _after(state, what)
        taps.append(Touch(UUID(int=chance.getrandbits(128), version=4), what, state, after))
        if what is Tap.DECLINE:
            break
        state = after
    return taps


def _after(state: RideState, what: Tap) -> RideState:
    if what is Tap.UNDO:
        return next(after for before, after in UNDOES if before is state)
    if what is Tap.TROUBLE:
        return state
    answers = {Tap.ACCEPT: RideState.ACCEPTED, Tap.DECLINE: RideState.OPEN}
    return answers.get(what) or RideState(what.value)


def _make(database: Database, chance: random.Random) -> Sequence:
    with database.transaction() as session:
        group = build.a_group(session, grant_after_minutes=chance.choice((15, 60)))
        desk = build.a_coordinator(session, group)
        driver, other = (build.a_driver(session, group) for _one in range(2))
        ride = build.a_ride(session, group)
        (held,) = _give(session, desk, ride, driver.id, NOW)
        return Sequence(ride.id, held.id, build.driver_actor(driver), desk, other.id)


def _give(session: Session, desk: Actor, ride: Ride, driver_id: int, now: datetime) -> list:
    driver = session.get_one(Driver, driver_id)
    return service.assign(
        session,
        desk,
        ride,
        driver,
        pickup_at=PICKUP,
        version=ride.version,
        engine=ENGINE,
        now=now,
    )


def _accept(session: Session, one: Sequence, now: datetime) -> None:
    service.accept(session, one.driver, session.get_one(Assignment, one.held_id), now=now)


def _arrive(
    database: Database, one: Sequence, tap: Touch, now: datetime, *, twice: bool, with_uid: bool
) -> list[str | None]:
    """One tap reaches the server; `twice`: two copies at the same moment."""

    def bring(_copy: int) -> str | None:
        return _do(database, lambda session: _tell(session, one, tap, now, with_uid))

    if not twice:
        return [bring(0)]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(bring, range(2)))


def _tell(session: Session, one: Sequence, tap: Touch, now: datetime, with_uid: bool) -> str | None:
    held = session.get_one(Assignment, one.held_id)

    def act() -> None:
        if tap.what is Tap.ACCEPT:
            service.accept(session, one.driver, held, now=now)
        elif tap.what is Tap.DECLINE:
            service.decline_offer(session, one.driver, held, now=now)
        elif tap.what is Tap.TROUBLE:
            service.tell_trouble(session, one.driver, held, TroubleKind.CAR, now=now)
        else:
            service.report_progress(
                session, one.driver, held, tap.after, before=tap.before, now=now
            )

    if not with_uid:
        act()
        return None
    told = service.Told(tap.uid, tap.what, now - timedelta(hours=1))
    return service.count_once(session, one.driver, held, told, act, now=now)


def _act_as_desk(database: Database, one: Sequence, chance: random.Random, now: datetime) -> None:
    what, after = chance.choice(_DESK), chance.choice(list(RideState))

    def act(session: Session) -> None:
        ride = session.get_one(Ride, one.ride_id)
        held = session.get_one(Assignment, one.held_id)
        if what == "report":
            service.report_progress(session, one.desk, held, after, now=now)
        elif what == "release":
            service.release(session, one.desk, held, now=now)
        elif what == "cancel":
            service.cancel_ride(
                session, one.desk, ride, reason="family", version=ride.version, now=now
            )
        else:
            _give(session, one.desk, ride, one.other_id, min(now, PICKUP - timedelta(minutes=1)))

    _do(database, act)


def _do(database: Database, act: Callable[[Session], str | None]) -> str | None:
    """Carry out `act`; what it refuses is an answer too."""
    while True:
        try:
            with database.transaction() as session:
                return act(session)
        except DispatchError as error:
            return str(error)
        except OperationalError:  # SQLite lets one in at a time, and not by turns
            continue


def _steps_of(database: Database, one: Sequence) -> int:
    """How many steps the driver's own taps have moved the ride, and what they told was wrong."""
    with database.transaction(reads_only=True) as session:
        chosen = select(func.count()).select_from(RideEvent)
        mine = chosen.where(RideEvent.ride_id == one.ride_id, RideEvent.by_id == one.driver.user_id)
        told = select(func.count()).select_from(Trouble)
        mine_told = told.where(Trouble.assignment_id == one.held_id)
        return (session.scalar(mine) or 0) + (session.scalar(mine_told) or 0)


def _faults(database: Database, one: Sequence, now: datetime) -> list[str]:
    """What is wrong with the ride as it is now."""
    with database.transaction(reads_only=True) as session:
        ride = session.get_one(Ride, one.ride_id)
        events = list(
            session.scalars(
                select(RideEvent).where(RideEvent.ride_id == ride.id).order_by(RideEvent.id)
            )
        )
        live = list(
            session.scalars(
                select(Assignment).where(
                    Assignment.ride_id == ride.id, Assignment.state.in_(LIVE_STATES)
                )
            )
        )
        open_now = [
            grant
            for grant in session.scalars(
                select(AddressGrant).where(AddressGrant.ride_id == ride.id)
            )
            if grant.revoked_at is None
        ]
        faults = ["an illegal move" for one in events if (one.before, one.after) not in MOVES]
        faults += ["a gap" for one, two in pairwise(events) if one.after is not two.before]
        if events and events[-1].after is not ride.state:
            faults.append("a state without its step")
        if bool(live) != (ride.state in _HAS_A_DRIVER):
            faults.append("a state that does not fit the driver")
        return faults + _wrong_grants(open_now, live, now)


_HAS_A_DRIVER = {
    RideState.OFFERED,
    RideState.ACCEPTED,
    RideState.ARRIVED,
    RideState.ON_BOARD,
    RideState.DONE,
    RideState.NO_SHOW,
}
_LONGEST = timedelta(hours=1)
_EARLIEST = timedelta(hours=2)


def _wrong_grants(grants: list[AddressGrant], live: list[Assignment], now: datetime) -> list[str]:
    """Doors that are open to the wrong person, twice, too early or for too long."""
    holders = {held.id: held for held in live}
    faults = ["open to who has no ride" for one in grants if one.assignment_id not in holders]
    faults += ["two grants" for n in Counter(one.place_id for one in grants).values() if n > 1]
    for one in grants:
        held = holders.get(one.assignment_id)
        if held is None:
            continue
        if held.answered_at is None:
            faults.append("open before a yes")
        if one.starts_at < held.pickup_at - _EARLIEST:
            faults.append("open too early")
        if one.ends_at > max(held.dropoff_at, now) + _LONGEST:
            faults.append("open too long")
    return faults


def _check_the_detectors(database: Database) -> int:
    """Without the uids something is applied twice; each fault that is planted is found."""
    without = Found()
    for number in range(40):
        chance = random.Random(number)  # noqa: S311 -- the same every time
        without.add(_play(database, chance, with_uids=False))
    control(without.wrong["applied twice"] > 0, "a tap that counts each time it arrives")
    planted = {
        "an illegal move": _plant_a_move,
        "a state that does not fit the driver": _plant_a_state,
        "open to who has no ride": _plant_a_holder,
        "open too long": _plant_a_long_grant,
        "open before a yes": _plant_an_early_yes,
    }
    for kind, plant in planted.items():
        one = _make(database, random.Random(0))  # noqa: S311 -- the same every time
        _do(database, lambda session, one=one: _accept(session, one, NOW))
        control(_faults(database, one, PICKUP) == [], "a ride that is as it should be")
        with database.transaction() as session:
            plant(session, session.get_one(Assignment, one.held_id))
        control(kind in _faults(database, one, PICKUP), kind)
    return 1 + len(planted)


def _plant_a_move(session: Session, held: Assignment) -> None:
    after = RideState.DONE
    held.ride.events.append(RideEvent(at=PICKUP, before=RideState.ACCEPTED, after=after))
    held.ride.state = after


def _plant_a_state(_session: Session, held: Assignment) -> None:
    held.ride.events.append(RideEvent(at=PICKUP, before=RideState.ACCEPTED, after=RideState.OPEN))
    held.ride.state = RideState.OPEN


def _plant_a_holder(session: Session, held: Assignment) -> None:
    held.state, held.ended_at = AssignmentState.RELEASED, PICKUP
    session.flush()


def _plant_a_long_grant(_session: Session, held: Assignment) -> None:
    for grant in held.grants:
        grant.ends_at = PICKUP + timedelta(days=1)


def _plant_an_early_yes(_session: Session, held: Assignment) -> None:
    held.answered_at = None
