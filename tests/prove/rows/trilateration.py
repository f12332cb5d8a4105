"""Finding a home from what a driver is shown before the grant, by somebody who tries hard.

The attacker drives: is offered rides of one family to several public places, sees its ways back
that nobody has, moves the own start between looks, and reads every number on the pages. Then every
point of the cell is tried for how well it explains them. What is more, each home has a twin
elsewhere in its cell, and both must look the same to the last byte.
"""

import random
import re
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.app import create_app
from dispatch.db.transactions import Database, vault_of
from dispatch.drivers.models import Driver
from dispatch.people import sessions
from dispatch.people.facts import Claims
from dispatch.people.models import Group
from dispatch.places import cells
from dispatch.places.models import Place
from dispatch.places.roads import Estimate, metres_between
from dispatch.places.sealed import Address, Point, seal_into
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.rides.models import Anchor, Leg, Ride, RideState
from tests import build
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Home found from what a driver is shown before the grant: rides to four places, the own "
    "start moved between looks",
    must="median error >= 500 m",
    quick=4,
    full=120,
    is_long=True,
)
_GOAL = 500
_MIDDLE: Point = (49.25, -123.10)
_BOX = 0.07
"""Degrees to each side: homes of a town of 15 km."""
_PLACES: list[Point] = [(49.30, -123.18), (49.31, -123.03), (49.19, -123.05), (49.20, -123.17)]
_STARTS: list[Point] = [(49.29, -123.10), (49.22, -123.19), (49.21, -123.01)]
_DAY = date(2027, 3, 9)
_EIGHT = datetime(2027, 3, 9, 16, 0, tzinfo=clock.now().tzinfo)
_STEP = 0.0006
"""Degrees between the points that are tried: about 60 m."""
_NUMBERS = re.compile(r"about (\d+) min(?! ride| of)")
_RIDE = re.compile(r"about (\d+) min ride")
_CLOCK = re.compile(r'class="clock">(\d\d):(\d\d)')
_TOKEN = re.compile(
    r'name="csrf_token"[^>]*value="[^"]*"|\?v=[0-9a-f]+|/(?:offers|open)/[0-9a-f-]+'
)


@dataclass(frozen=True)
class Seen:
    """What one look told: minutes from a start, of the ride, and of the pickup since midnight."""

    start: Point
    place: Point
    there: float
    ride: float
    pickup: float | None


@dataclass
class Stage:
    """The town: a driver's browser, the rides, and what may be moved."""

    database: Database
    browser: FlaskClient
    group_id: int
    driver_id: int
    home_id: int
    rides: list[tuple[int, Point]]
    """Assignments, with where they go."""
    ways_back: list[str]
    """Uids of rides home that nobody has."""


def prove(at: Workplace) -> Figure:
    """Look for `at.size` homes."""
    chance = random.Random(49)  # noqa: S311 -- the same homes every time
    settings, database = installation.make(at.folder)
    errors, exact, unlike, sights, blocks = [], [], 0, set(), set()
    with _stopped():
        app = create_app(settings, database=database, enqueue=lambda *_: None)
        app.config["WTF_CSRF_ENABLED"] = False
        stage = _stage(database, app.test_client())
        for number in range(at.size):
            home = tuple(middle + chance.uniform(-_BOX, _BOX) for middle in _MIDDLE)
            block = cells.block_of(home)
            blocks.add(block)
            squares = cells.squares_in(block)
            seen, pages = _look(stage, home)
            _seen, twin_pages = _look(stage, _inside(chance, squares))
            unlike += pages != twin_pages
            sights.add("".join(pages))
            guesses = [_explain(squares, seen), _mean(squares)]
            errors.append([metres_between(home, guess) for guess in guesses])
            exact.append(metres_between(home, _explain(squares, _exactly(home))))
            at.told((number + 1) / at.size)
    control(len(sights) > len(blocks) * 0.9, "homes in other cells")
    control(statistics.median(exact) < _GOAL / 5, "homes that exact minutes give away")
    median = min(statistics.median(column) for column in zip(*errors, strict=True))
    found = statistics.median(exact)
    return Figure(
        looked_at=at.size,
        unit="homes",
        measured=f"{median:.0f} m; twins in a cell that look unlike: {unlike}; with exact minutes "
        f"{found:.0f} m",
        holds=median >= _GOAL and unlike == 0,
        controls=2,
    )


def _stage(database: Database, browser: FlaskClient) -> Stage:
    with database.transaction() as session:
        group = build.a_group(session, claims=Claims.ASK)
        driver, family = build.a_driver(session, group), build.a_family(session, group)
        rides, ways_back = [], []
        for index, point in enumerate(_PLACES):
            place = build.a_public_place(session, group, f"Place {index}", point)
            arrives = _EIGHT + timedelta(hours=3 * index)
            ride = build.a_ride(
                session,
                group,
                family=family,
                dropoff_place=place,
                anchor=Anchor.ARRIVE_BY,
                state=RideState.OFFERED,
                service_on=_DAY,
                window_starts_at=arrives,
                window_ends_at=arrives,
            )
            rides.append((_offered(session, group, driver, ride), point))
            leaves = arrives + timedelta(hours=1)
            back = build.a_ride(
                session,
                group,
                family=family,
                leg=Leg.RETURN,
                anchor=Anchor.LEAVE_AT,
                pickup_place=place,
                dropoff_place=family.place,
                service_on=_DAY,
                window_starts_at=leaves,
                window_ends_at=leaves,
            )
            ways_back.append(str(back.uid))
        token = sessions.begin(session, driver.user, now=clock.now())
        browser.set_cookie("dispatch", token)
        return Stage(database, browser, group.id, driver.id, family.place_id, rides, ways_back)


def _offered(session: Session, group: Group, driver: Driver, ride: Ride) -> int:
    one = Assignment(
        group_id=group.id,
        ride=ride,
        driver=driver,
        user_id=driver.user_id,
        state=AssignmentState.OFFERED,
        pickup_at=ride.window_starts_at - timedelta(minutes=60),
        dropoff_at=ride.window_starts_at,
        busy_until=ride.window_starts_at + timedelta(minutes=3),
        approved_at=clock.now(),
    )
    session.add(one)
    session.flush()
    return one.id


def _look(stage: Stage, home: Point) -> tuple[list[Seen], list[str]]:
    """Put the family to `home`, plan its rides to the second, and read the driver's pages."""
    seen, pages = [], []
    for start in _STARTS:
        uids = _move(stage, home, start)
        for uid, (_one, place) in zip(uids, stage.rides, strict=True):
            page = stage.browser.get(f"/offers/{uid}").text
            there, ride = _NUMBERS.search(page), _RIDE.search(page)
            at = _CLOCK.search(page)
            minutes = int(at[1]) * 60 + int(at[2]) if at else None
            seen.append(Seen(start, place, float(there[1]), float(ride[1]), minutes))
            pages.append(_TOKEN.sub("", page))
        offers = stage.browser.get("/offers").text
        pages.append(_TOKEN.sub("", offers))
        for uid in stage.ways_back:
            control(f"/open/{uid}" in offers, "a way back that nobody has")
            pages.append(_TOKEN.sub("", stage.browser.get(f"/open/{uid}").text))
    return seen, pages


def _move(stage: Stage, home: Point, start: Point) -> list[str]:
    with stage.database.transaction() as session:
        group, vault = session.get_one(Group, stage.group_id), vault_of(session)
        for place_id, point in (
            (stage.home_id, home),
            (session.get_one(Driver, stage.driver_id).start_place_id, start),
        ):
            place = session.get_one(Place, place_id)
            seal_into(place, Address(line="Somewhere 1"), point, vault)
            place.cell = cells.cell_for(session, group, point)
        uids = []
        for assignment_id, point in stage.rides:
            one = session.get_one(Assignment, assignment_id)
            seconds = Estimate().matrix([home, point]).seconds[0][1]
            one.pickup_at = one.ride.window_starts_at - timedelta(seconds=seconds)
            uids.append(str(one.uid))
        return uids


def _exactly(home: Point) -> list[Seen]:
    """What pages would tell that say exact minutes: what the detector has to notice."""
    return [
        Seen(start, place, _minutes(start, home), _minutes(home, place), None)
        for start in _STARTS
        for place in _PLACES
    ]


def _explain(squares: list[cells.Square], seen: list[Seen]) -> Point:
    """The point of the cell that explains best what was seen: each number may be rounded up."""
    first = seen[0]
    shifts = [0.0] if first.pickup is None else [0.0, 2.5]

    def unlikely(point: Point) -> float:
        return min(
            sum(
                (_minutes(one.start, point) + shift - one.there) ** 2
                + (_minutes(point, one.place) + shift - one.ride) ** 2
                for one in seen
            )
            for shift in shifts
        )

    tried = sorted((unlikely(point), point) for point in _points(squares))
    best = [point for worth, point in tried if worth <= tried[0][0] * 1.001]
    return tuple(statistics.fmean(axis) for axis in zip(*best, strict=True))


def _points(squares: list[cells.Square]) -> Iterator[Point]:
    for square in squares:
        south, west = (
            middle - wide / 2
            for middle, wide in zip(
                cells.middle_of(square),
                (cells.ROW_DEGREES, cells.column_degrees(square[0])),
                strict=True,
            )
        )
        for up in range(int(cells.ROW_DEGREES / _STEP)):
            for right in range(int(cells.column_degrees(square[0]) / _STEP)):
                yield south + (up + 0.5) * _STEP, west + (right + 0.5) * _STEP


def _inside(chance: random.Random, squares: list[cells.Square]) -> Point:
    return chance.choice(list(_points(squares)))


def _mean(squares: list[cells.Square]) -> Point:
    middles = [cells.middle_of(square) for square in squares]
    return tuple(statistics.fmean(axis) for axis in zip(*middles, strict=True))


def _minutes(one: Point, other: Point) -> float:
    return metres_between(one, other) * 1.35 / 7.5 / 60


@contextmanager
def _stopped() -> Iterator[None]:
    """The day before the rides, for as long as it takes."""
    kept: Callable[[], datetime] = clock.now
    clock.now = lambda: _EIGHT - timedelta(days=1)
    try:
        yield
    finally:
        clock.now = kept
