"""The life of a ride's address: whatever happens in whatever sequence, the law alone opens it.

A machine gives a ride to drivers, lets them answer, drive and give it back, moves and withdraws the
family, lets it leave, closes and opens accounts, breaks the log, erases, and lets time jump, also
to the very second of a boundary. After each step everybody looks; a small oracle says who may.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from dispatch import schema
from dispatch.app import open_database
from dispatch.audit import service as audit
from dispatch.audit import verifying
from dispatch.audit.models import AuditEvent
from dispatch.config import Settings, load
from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.erasing.service import running
from dispatch.errors import DispatchError
from dispatch.families import service as families
from dispatch.families.facts import FamilyFacts, Followed
from dispatch.families.models import Family, FamilyState
from dispatch.people import service as people
from dispatch.people.models import Group, User, UserState
from dispatch.people.service import accounts
from dispatch.places import grants, looks
from dispatch.places import service as places
from dispatch.places.models import AddressGrant, Place
from dispatch.places.sealed import Address
from dispatch.planning import service
from dispatch.planning.models import LIVE_STATES, Assignment, AssignmentState
from dispatch.planning.service import looking
from dispatch.policy import Action, Actor
from dispatch.rides.models import Ride, RideState
from dispatch.visits.service.withdrawing import withdraw
from tests import build
from tests.conftest import NOW
from tests.dispatch.planning.service.world import ENGINE, PICKUP
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Life-cycle machine: from a request to its erasure, with clock jumps to the second, "
    "closed accounts, moves, withdrawals and a log that breaks",
    must="2,000 runs x 50 steps, 0 broken invariants",
    quick=4,
    full=2_000,
    is_long=True,
    comes_first=True,
)
_STEPS = 50
_A_HOUSE = 50
"""Lives in one installation."""
_SECOND = timedelta(seconds=1)
_DRIVERS = st.integers(0, 1)
_REPORTS = st.sampled_from(
    [RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE, RideState.NO_SHOW, RideState.ACCEPTED]
)


class LogBroken(Exception):
    """The log could not be written."""


@dataclass
class Law:
    """The oracle: who may read the door, from what happened to the ride."""

    holder: int | None = None
    accepted: bool = False
    pickup_at: datetime = PICKUP
    dropoff_at: datetime = PICKUP
    moved: bool = False
    shut: bool = False
    """Every door was shut because an account was closed; who is let in again opens none of them,
    but by saying yes anew."""
    left: bool = False
    """The same because the family asks for no more rides, and for good."""
    gone: bool = False
    reported_at: datetime | None = None
    over: bool = False
    closed: set[int] = field(default_factory=set)

    before, after, late = timedelta(hours=2), timedelta(hours=1), timedelta(minutes=30)

    def may_never(self, driver: int, now: datetime) -> bool:
        """Whether nothing may be shown to `driver` at `now`."""
        closes = self.dropoff_at + self.after
        if self.reported_at is not None:
            closes = max(closes, self.reported_at + max(self.after, self.late))
        return (
            not (self.holder == driver and self.accepted)
            or driver in self.closed
            or self.moved
            or self.shut
            or self.left
            or self.gone
            or not self.pickup_at - self.before <= now < closes
        )

    def must(self, driver: int, now: datetime) -> bool:
        """Whether the door has to open: the driver stands in front of it."""
        return (
            not self.may_never(driver, now) and not self.over and now < self.dropoff_at + self.after
        )


class Life(RuleBasedStateMachine):
    """One ride of one family, two drivers and a coordinator."""

    database: Database
    steps = looked = 0

    @initialize()
    def begin(self) -> None:
        """A ride that waits for a driver, the day before."""
        self.now, self.law, self.shown = NOW, Law(), 0
        with self.database.transaction() as session:
            group = build.a_group(session)
            self.rosa, self.steward = build.a_coordinator(session, group), build.a_steward(session)
            hashed = {"password_hash": "known"}  # who has one may sign in once restored
            users = [build.a_user(session, **hashed) for _two in range(2)]
            drivers = [build.a_driver(session, group, user=one) for one in users]
            self.actors: list[Actor] = [build.driver_actor(one) for one in drivers]
            self.drivers, self.users = [one.id for one in drivers], [one.user_id for one in drivers]
            ride = build.a_ride(session, group)
            self.ride, self.family, self.group = ride.id, ride.family_id, group.id

    def _do(self, act: Callable[[Session, Ride], object]) -> bool:
        """Carry out an act as a request does; whether it was done."""
        type(self).steps += 1
        try:
            with self.database.transaction() as session:
                ride = session.get(Ride, self.ride)
                if ride is None:  # erased
                    return False
                act(session, ride)
        except DispatchError:
            return False
        return True

    def _held(self, session: Session) -> Assignment | None:
        return session.scalars(
            select(Assignment).where(
                Assignment.ride_id == self.ride, Assignment.state.in_(LIVE_STATES)
            )
        ).one_or_none()

    def _free(self) -> None:
        self.law.holder, self.law.accepted = None, False

    @precondition(lambda self: self.law.holder is None and not self.law.gone)
    @rule(driver=_DRIVERS, says_yes=st.booleans())
    def give(self, driver: int, says_yes: bool) -> None:
        """A coordinator gives the ride to a driver, who may say yes at once."""

        def act(session: Session, ride: Ride) -> None:
            service.assign(
                session,
                self.rosa,
                ride,
                session.get_one(Driver, self.drivers[driver]),
                pickup_at=PICKUP,
                version=ride.version,
                engine=ENGINE,
                now=self.now,
            )
            held = self._held(session)
            self.law = Law(
                driver, pickup_at=held.pickup_at, dropoff_at=held.dropoff_at, closed=self.law.closed
            )

        if self._do(act) and says_yes:
            self._say_yes(driver)

    @precondition(lambda self: self.law.holder is not None)
    @rule(driver=_DRIVERS)
    def accept(self, driver: int) -> None:
        """A driver says yes, the right one or another."""
        self._say_yes(driver)

    def _say_yes(self, driver: int) -> None:
        yes = lambda session, _ride: service.accept(  # noqa: E731 -- an act of one line
            session, self.actors[driver], self._held(session), now=self.now
        )
        if self._do(yes):
            assert driver == self.law.holder
            assert driver not in self.law.closed, "a closed account said yes"
            self.law.accepted, self.law.shut = True, False

    @precondition(lambda self: self.law.holder is not None)
    @rule(driver=_DRIVERS)
    def give_back(self, driver: int) -> None:
        """A driver says no, or cannot come after all."""
        no = lambda session, _ride: service.decline_offer(  # noqa: E731 -- an act of one line
            session, self.actors[driver], self._held(session), now=self.now
        )
        if self._do(no):
            assert driver == self.law.holder
            self._free()

    @precondition(lambda self: self.law.holder is not None)
    @rule()
    def take_back(self) -> None:
        """The desk takes the ride back."""
        if self._do(
            lambda session, _ride: service.release(
                session, self.rosa, self._held(session), now=self.now
            )
        ):
            self._free()

    @precondition(lambda self: self.law.accepted)
    @rule(state=_REPORTS)
    def report(self, state: RideState) -> None:
        """The driver says how it goes."""
        if self._do(
            lambda session, _ride: service.report_progress(
                session, self.actors[self.law.holder], self._held(session), state, now=self.now
            )
        ):
            self.law.reported_at = self.now
            self.law.over = self.law.over or state in (RideState.DONE, RideState.NO_SHOW)

    @rule(really=st.integers(0, 9))
    def cancel(self, really: int) -> None:
        """The family needs no ride after all; seldom, because nothing comes after it."""
        if really:
            return
        if self._do(
            lambda session, ride: service.cancel_ride(
                session, self.rosa, ride, reason="sick", version=ride.version, now=self.now
            )
        ):
            self._free()

    @rule(driver=_DRIVERS, is_open=st.booleans())
    def account(self, driver: int, is_open: bool) -> None:
        """A steward closes an account or opens it; a ride that waits for its driver is free."""
        act = people.restore if is_open else people.suspend
        with self.database.transaction() as session:
            user = session.get_one(User, self.users[driver])
            act(session, self.steward, user, now=self.now)
            held = self._held(session)
        (self.law.closed.discard if is_open else self.law.closed.add)(driver)
        if not is_open and driver == self.law.holder:
            self.law.shut = True
            if held is None:
                self._free()

    @precondition(lambda self: self.law.holder is not None)
    @rule()
    def comes_back(self) -> None:
        """The account of who has the ride is closed and opened again: nothing old opens with it."""
        holder = self.law.holder
        self.account(holder, False)
        self.account(holder, True)

    def close_the_row_alone(self, driver: int) -> None:
        """An account is closed, and nobody takes anything from its driver."""
        with self.database.transaction() as session:
            session.get_one(User, self.users[driver]).state = UserState.SUSPENDED
        self.law.closed.add(driver)

    @precondition(lambda self: self.law.accepted)
    @rule()
    def correct_address(self) -> None:
        """Another address is sealed into the place: who could read the old one no longer can."""

        def act(session: Session, ride: Ride) -> None:
            places.move(
                session,
                self.rosa,
                session.get_one(Place, ride.pickup_place_id),
                group=session.get_one(Group, self.group),
                address=Address(line="5 Other Street"),
                point=(49.272, -123.113),
                now=self.now,
            )

        if self._do(act):
            self.law.moved = True

    @rule(really=st.integers(0, 9))
    def family_goes(self, really: int) -> None:
        """The family takes back its consent; seldom, because nothing comes after it."""
        if really or self.law.gone:
            return
        if self._do(lambda session, ride: withdraw(session, self.rosa, ride.family, now=self.now)):
            self.law.gone = True

    @rule(really=st.integers(0, 9))
    def family_leaves(self, really: int) -> None:
        """The desk notes that the family asks for no more rides; seldom, as nothing comes after."""
        if really or self.law.gone:
            return

        def act(session: Session, ride: Ride) -> None:
            family = ride.family
            facts = FamilyFacts(number=family.number, state=FamilyState.LEFT)
            families.change(
                session,
                self.rosa,
                family,
                facts,
                group=session.get_one(Group, self.group),
                seen_version=family.version,
                follow=_stays,
                now=self.now,
            )

        with self.database.transaction(reads_only=True) as session:
            asks = session.get_one(Family, self.family).state is FamilyState.ACTIVE
        if self._do(act) and asks:
            self.law.left = True

    @precondition(lambda self: self.law.gone)
    @rule()
    def erase(self) -> None:
        """What is due is erased."""
        running.run(self.database, now=self.now)
        with self.database.transaction(reads_only=True) as session:
            family = session.get(Family, self.family)
            assert family is None or family.sealed_name is None or self.law.gone

    @rule(minutes=st.integers(1, 400))
    def time_passes(self, minutes: int) -> None:
        """Minutes or hours go by."""
        self.now += timedelta(minutes=minutes)

    @rule(edge=st.sampled_from(["opens", "closes"]), seconds=st.integers(-1, 1))
    def boundary(self, edge: str, seconds: int) -> None:
        """A clock that jumps to a boundary, on the second or one beside it; backwards too."""
        at = (
            self.law.pickup_at - self.law.before
            if edge == "opens"
            else self.law.dropoff_at + self.law.after
        )
        self.now = at + seconds * _SECOND

    @rule(minutes=st.integers(-150, 90))
    def about_then(self, minutes: int) -> None:
        """A clock that jumps to about when the ride is."""
        self.now = self.law.pickup_at + timedelta(minutes=minutes)

    def end_exactly(self) -> None:
        """The very second at which the door closes."""
        self.now = self.law.dropoff_at + self.law.after

    @rule(driver=_DRIVERS)
    def look_without_a_log(self, driver: int) -> None:
        """The log cannot be written: nothing is shown."""
        with _replaced(looks, "commit", _broken):
            try:
                shown = self._look(driver)
            except LogBroken:
                shown = None
        assert shown is None

    def _look(self, driver: int) -> object | None:
        type(self).looked += 1
        try:
            with self.database.transaction() as session:
                last = session.scalars(
                    select(Assignment)
                    .where(
                        Assignment.ride_id == self.ride,
                        Assignment.driver_id == self.drivers[driver],
                    )
                    .order_by(Assignment.id.desc())
                ).first()
                if last is None:
                    return None
                return service.look(session, self.actors[driver], last, now=self.now)
        except DispatchError:
            return None

    @invariant()
    def the_law_alone_opens(self) -> None:
        """Everybody looks: what is shown is what the oracle says."""
        for driver in range(2):
            shown = self._look(driver)
            self.shown += shown is not None
            assert not (shown and self.law.may_never(driver, self.now)), "shown without a right"
            assert shown or not self.law.must(driver, self.now), "closed to who stands at the door"

    @invariant()
    def rows_agree(self) -> None:
        """One grant a door, of the assignment that holds the ride; a row for each look shown."""
        with self.database.transaction(reads_only=True) as session:
            open_ones = session.execute(
                select(AddressGrant.place_id, Assignment.state)
                .join(Assignment, AddressGrant.assignment_id == Assignment.id)
                .where(AddressGrant.ride_id == self.ride, AddressGrant.revoked_at.is_(None))
            ).all()
            uids = [actor.uid for actor in self.actors]
            noted = session.scalar(
                select(func.count())
                .select_from(AuditEvent)
                .where(
                    AuditEvent.actor_uid.in_(uids),
                    AuditEvent.action == Action.MEET_FAMILY.value,
                    AuditEvent.outcome == audit.DONE,
                )
            )
        doors = [place for place, _state in open_ones]
        assert len(doors) == len(set(doors)), "a door is open twice"
        assert {state for _place, state in open_ones} <= {
            AssignmentState.ACCEPTED,
            AssignmentState.COMPLETED,
        }, "a grant of nobody's ride"
        assert noted >= self.shown, "a look without a row"


def prove(at: Workplace) -> Figure:
    """Let the machine live `at.size` lives.

    Fifty of them at a time in a house of their own: in one where thousands have lived, every look
    through the log and every erasure takes longer and shows nothing new.
    """
    schema.metadata()
    empty, database = installation.make(at.folder / "empty")
    database.engine.dispose()
    broken, are_whole, runs = None, True, 0
    with _house(empty, at.folder / "planted") as database:
        controls = _plant(database)
    Life.steps = Life.looked = 0
    while broken is None and runs < at.size:
        some = min(_A_HOUSE, at.size - runs)
        with _house(empty, at.folder / f"{runs}") as database:
            broken = _broken_invariant(some)
            with database.transaction(reads_only=True) as session:
                are_whole &= verifying.verify(session) is None
        runs += some
        at.told(runs / at.size)
    return Figure(
        looked_at=runs,
        unit="runs",
        measured=f"{runs} runs x {_STEPS} steps, {Life.looked:,} looks, "
        f"{0 if broken is None else 1} broken invariants{'' if broken is None else f': {broken}'}",
        holds=broken is None and are_whole,
        controls=controls,
    )


@contextmanager
def _house(empty: Settings, folder: Path) -> Iterator[Database]:
    """A copy of the `empty` installation in `folder`, where the machine lives; gone afterwards."""
    shutil.copytree(empty.data_dir, folder / "data")
    shutil.copy(empty.master_key_file, folder / "data.master-key")
    database = open_database(load(str(folder / "data"), testing=True))
    _write_quickly(database)
    Life.database = database
    yield database
    database.engine.dispose()
    database.vault.keys.close()
    shutil.rmtree(folder)


def _broken_invariant(runs: int) -> str | None:
    """Live so many lives; the invariant that broke, if one did."""
    try:
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=runs,
                stateful_step_count=_STEPS,
                deadline=None,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
    except AssertionError as broken:
        return str(broken).partition("\n")[0]
    return None


def _plant(database: Database) -> int:
    """Live one life with each fault; how many the invariants found."""
    inclusive = lambda grant, now: grant.starts_at <= now <= grant.ends_at  # noqa: E731 -- a fault
    nothing = lambda *_args, **_values: None  # noqa: E731 -- a fault
    faults: list[tuple[str, object, str, object, Callable[[Life], object]]] = [
        (
            "a closed account",
            looks,
            "as_now",
            _as_it_was,
            lambda life: life.close_the_row_alone(0),
        ),
        ("an account that comes back", accounts, "_ON_CLOSED", [], lambda life: life.comes_back()),
        ("a family that left", families, "_ON_LEFT", [], lambda life: life.family_leaves(0)),
        ("grants on", grants, "close_on", nothing, lambda life: life.correct_address()),
        ("a second more", looking, "in_question", _a_second_more, lambda life: life.end_exactly()),
        ("no row", audit, "record", nothing, lambda life: life.about_then(1)),
    ]
    for name, module, attribute, fault, act in faults:
        life = Life()
        life.begin()
        life.give(0, True)
        life.about_then(0)
        life.the_law_alone_opens()
        life.rows_agree()
        with _replaced(module, attribute, fault), _replaced(AddressGrant, "is_live", inclusive):
            act(life)
            control(_notices(life), name)
    return len(faults)


def _notices(life: Life) -> bool:
    """Whether an invariant breaks."""
    try:
        life.the_law_alone_opens()
        life.rows_agree()
    except AssertionError:
        return True
    return False


def _stays(*_args: object, **_values: object) -> Followed:
    return Followed([], [], [])


def _as_it_was(_session: Session, actor: Actor) -> Actor:
    return actor


def _a_second_more(assignment: Assignment, group: Group) -> object:
    found = _IN_QUESTION(assignment, group)
    return replace(found, closes_at=found.closes_at + _SECOND)


_IN_QUESTION = looking.in_question


def _broken(_session: Session) -> None:
    raise LogBroken


@contextmanager
def _replaced(module: object, name: str, by: object) -> Iterator[None]:
    kept = getattr(module, name)
    setattr(module, name, by)
    try:
        yield
    finally:
        setattr(module, name, kept)


def _write_quickly(database: Database) -> None:
    """No crash of the machine is part of this row, so nothing waits for the disk."""

    @event.listens_for(database.engine, "connect")
    def _set(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")
