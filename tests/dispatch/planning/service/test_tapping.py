"""What a phone sends again counts once: the answer is the first one, and nothing moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.errors import Conflict, NotFound
from dispatch.planning import service
from dispatch.planning.models import Assignment, DriverAction, Tap
from dispatch.policy import Actor
from dispatch.rides.models import RideEvent, RideState
from tests.build import a_driver, driver_actor
from tests.dispatch.planning.service.world import PICKUP, World

ARRIVED, UNDO = Tap.ARRIVED, Tap.UNDO
TARGETS = {ARRIVED: RideState.ARRIVED, UNDO: RideState.ACCEPTED, Tap.ON_BOARD: RideState.ON_BOARD}


def tell(
    session: Session,
    actor: Actor,
    held: Assignment,
    what: Tap = ARRIVED,
    *,
    uid: UUID | None = None,
    made_at: datetime | None = None,
) -> str | None:
    """The driver's phone tells of a step at the pickup."""
    return service.count_once(
        session,
        actor,
        held,
        service.Told(uid or uuid4(), what, made_at),
        lambda: service.report_progress(session, actor, held, TARGETS[what], now=PICKUP),
        now=PICKUP,
    )


def events(session: Session) -> int:
    """How many steps rides have gone."""
    return session.scalar(select(func.count()).select_from(RideEvent))


def test_what_comes_twice_is_done_once(world):
    held, uid = world.accepted(), uuid4()
    before = events(world.session)
    answers = [tell(world.session, world.marta, held, uid=uid) for _twice in range(2)]
    assert answers == [None, None]
    assert (world.ride.state, events(world.session)) == (RideState.ARRIVED, before + 1)


def test_what_comes_again_after_it_was_undone_stays_undone(world):
    held, uid = world.accepted(), uuid4()
    tell(world.session, world.marta, held, uid=uid)
    tell(world.session, world.marta, held, UNDO)
    assert tell(world.session, world.marta, held, uid=uid) is None
    assert world.ride.state is RideState.ACCEPTED


def test_under_a_uid_of_its_own_it_is_another_step(world):
    held = world.accepted()
    tell(world.session, world.marta, held)
    tell(world.session, world.marta, held, UNDO)
    tell(world.session, world.marta, held)
    assert world.ride.state is RideState.ARRIVED


def test_what_was_refused_stays_refused_when_it_would_fit_later(world):
    held, uid = world.accepted(), uuid4()
    first = tell(world.session, world.marta, held, Tap.ON_BOARD, uid=uid)
    assert first == "A driver has accepted this ride. Nothing was changed."
    tell(world.session, world.marta, held)
    assert tell(world.session, world.marta, held, Tap.ON_BOARD, uid=uid) == first
    assert world.ride.state is RideState.ARRIVED


def test_a_ride_that_went_to_somebody_else_is_told_kindly_and_left_alone(world):
    held = world.accepted()
    service.release(world.session, world.rosa, held, now=world.now)
    other = a_driver(world.session, world.group, name="Yusuf")
    world.assign(other)
    said = tell(world.session, world.marta, held)
    assert said == "This ride is not yours any more. Nothing was changed."
    assert world.ride.state is RideState.OFFERED
    assert world.live_grants() == []


def test_one_uid_is_not_two_things(world):
    held, uid = world.accepted(), uuid4()
    tell(world.session, world.marta, held, uid=uid)
    with pytest.raises(Conflict, match="Something else was sent"):
        tell(world.session, world.marta, held, UNDO, uid=uid)
    assert world.ride.state is RideState.ARRIVED


def test_somebody_else_finds_no_such_ride_even_by_its_uid(world):
    held, uid = world.accepted(), uuid4()
    tell(world.session, world.marta, held, uid=uid)
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(NotFound):
        tell(world.session, other, held, uid=uid)


@pytest.mark.parametrize(
    ("off", "kept"),
    [
        (timedelta(minutes=-8), PICKUP - timedelta(minutes=10)),
        (timedelta(minutes=4), PICKUP),
        (timedelta(minutes=6), None),
        (timedelta(days=-1, minutes=-1), None),
        (None, None),
    ],
)
def test_the_phones_clock_is_a_hint_of_five_minutes_or_nothing(world, off, kept):
    held = world.accepted()
    tell(world.session, world.marta, held, made_at=None if off is None else PICKUP + off)
    row = world.session.scalars(select(DriverAction)).one()
    assert (row.made_at, row.received_at, row.refusal) == (kept, PICKUP, None)


def test_the_phones_clock_opens_no_door_and_moves_no_event(world):
    held = world.accepted()
    tell(world.session, world.marta, held, made_at=PICKUP - timedelta(hours=20))
    last = world.session.scalars(select(RideEvent).order_by(RideEvent.id.desc())).first()
    (grant,) = world.live_grants()
    assert last.at == PICKUP
    assert grant.starts_at == held.pickup_at - timedelta(hours=2)


def test_two_processes_that_bring_the_same_do_it_once(any_database: Database, now: datetime):
    with any_database.transaction() as session:
        world = World(session, now)
        held_id, uid = world.accepted().id, uuid4()
        before = events(session)
    gate = Barrier(2)

    def bring(_which: int) -> str | None:
        gate.wait()
        while True:
            try:
                with any_database.transaction() as session:
                    return tell(session, world.marta, session.get_one(Assignment, held_id), uid=uid)
            except OperationalError:  # SQLite lets one in at a time, and not by turns
                continue

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(bring, range(2)))
    assert answers == [None, None]
    with any_database.transaction(reads_only=True) as session:
        assert events(session) == before + 1
        assert session.scalar(select(func.count()).select_from(DriverAction)) == 1
