"""An insider who opens all that can be opened: how many families come out in an hour and in a day.

Each role tries every family from eight browsers at once, hour after hour, and somebody opens the
account again each time it is closed. A patient driver stays below what an hour allows, until the
day is over that. What was really shown is counted, not what the log says.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.errors import DispatchError
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.families.models import Family
from dispatch.people.models import Alarm, Group, User, UserState
from dispatch.places import grants, limits
from dispatch.places.limits import LimitReached, Verdict
from dispatch.planning import service as planning
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Actor
from dispatch.rides.models import RideState
from tests import build
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Families that a scripted insider of each role opens in an hour and in a day, from eight "
    "browsers at once, on both databases; the alarm comes with the refusal",
    must="driver 10 and 25, coordinator 30 and 100, others 0",
    quick=1,
    full=30,
    fewest=lambda hours: 40 * hours,
    is_long=True,
)
_BROWSERS = 8
_A_TRY = timedelta(minutes=15)
_DESK, _RIDES = 130, 40
"""Families of the group, and of them those that the driver drives."""
_QUICK = 35, 12
"""The same where only the hour is tried."""
_PATIENT = 9
"""Families an hour: one fewer than a driver may open."""
_ALLOWED = {"driver": (10, 25), "patient driver": (10, 25), "coordinator": (30, 100)}
"""Families in an hour and in a day; of all others none."""


@dataclass(frozen=True)
class Shown:
    """A family that somebody really saw something of."""

    family: UUID
    at: datetime


@dataclass
class Insider:
    """Somebody who asks for everything, and what came out."""

    actor: Actor
    ask: Callable[[Session, Actor, UUID, datetime], object]
    families: list[UUID]
    shown: list[Shown]
    tried: int = 0
    refused_at: list[datetime] | None = None
    an_hour: int | None = None
    """How many it opens an hour, who is patient."""

    def most(self, span: timedelta) -> int:
        """The most families within any `span`."""
        return max(
            (
                len({one.family for one in self.shown if start.at <= one.at < start.at + span})
                for start in self.shown
            ),
            default=0,
        )


def prove(at: Workplace) -> Figure:
    """Let every insider try for `at.size` hours on each database."""
    places_of_data = {"SQLite": None, "PostgreSQL": at.postgres().create()}
    worst: dict[str, tuple[int, int]] = {}
    stopped: set[str] = set()
    tried = late = 0
    for index, (name, url) in enumerate(places_of_data.items()):
        folder = at.folder / name
        folder.mkdir()
        _settings, database = installation.make(folder, url)
        insiders = _insiders(database, at.size)
        for number, (role, one) in enumerate(insiders.items()):
            _try(database, one, at.size)
            hour, day = one.most(limits.AN_HOUR), one.most(limits.A_DAY)
            if one.refused_at:
                stopped.add(role)
            before = worst.get(role, (0, 0))
            worst[role] = (max(before[0], hour), max(before[1], day))
            tried += one.tried
            at.told((index + (number + 1) / len(insiders)) / len(places_of_data))
        late += _without_alarm(database, insiders)
        if name == "SQLite":
            with _no_limit():
                free = _insiders(database, 1)["coordinator"]
                _try(database, free, 1)
            control(free.most(limits.AN_HOUR) > 30, "an insider whom nothing stops")
        database.engine.dispose()
    said = ", ".join(f"{role} {hour} and {day}" for role, (hour, day) in worst.items())
    holds = all(
        hour <= _ALLOWED.get(role, (0, 0))[0] and day <= _ALLOWED.get(role, (0, 0))[1]
        for role, (hour, day) in worst.items()
    )
    # Of the looks that are under way when the account closes, some are counted and none is shown.
    reached = all(
        role in stopped and worst[role][0] > _ALLOWED[role][0] - _BROWSERS
        for role in ("driver", "coordinator")
    )
    if "patient driver" in worst:
        reached = reached and worst["patient driver"][1] == _ALLOWED["patient driver"][1]
    return Figure(
        looked_at=tried,
        unit="tries",
        measured=f"{said}; {late} refusals without an alarm of the same moment",
        holds=holds and reached and late == 0,
        controls=1,
    )


def _insiders(database: Database, hours: int) -> dict[str, Insider]:
    desk, driven = _QUICK if hours == 1 else (_DESK, _RIDES)
    with database.transaction() as session:
        group = build.a_group(session, grant_before_minutes=720, grant_after_minutes=720)
        driver, patient = build.a_driver(session, group), build.a_driver(session, group)
        held = [_held(session, group, driver, number) for number in range(driven)]
        others = [build.a_family(session, group).uid for _one in range(desk - driven)]
        everybody = [one.ride.family.uid for one in held] + others
        elsewhere = build.a_coordinator(session, build.a_group(session))
        slowly = [_held(session, group, patient, number) for number in range(driven)]
        rides = {one.ride.family.uid: one.id for one in [*held, *slowly]}
        steward, coordinator = build.a_steward(session), build.a_coordinator(session, group)

        def look(session: Session, actor: Actor, family: UUID, now: datetime) -> object:
            assignment = session.get_one(Assignment, rides[family])
            return planning.look(session, actor, assignment, now=now)

        over_days = {}
        if hours > 1:
            slow = [one.ride.family.uid for one in slowly]
            actor = build.driver_actor(patient)
            over_days = {"patient driver": Insider(actor, look, slow, [], an_hour=_PATIENT)}
        return over_days | {
            "driver": Insider(build.driver_actor(driver), look, everybody[:driven], []),
            "coordinator": Insider(coordinator, _reveal, everybody, []),
            "coordinator elsewhere": Insider(elsewhere, _reveal, everybody, []),
            "steward": Insider(steward, _reveal, everybody, []),
        }


def _held(session: Session, group: Group, driver: object, number: int) -> Assignment:
    """One of many accepted rides, whose doors are open all day long."""
    starts = NOW + timedelta(minutes=20 * number)
    window = {"window_starts_at": starts, "window_ends_at": starts + timedelta(minutes=10)}
    ride = build.a_ride(session, group, state=RideState.ACCEPTED, **window)
    one = Assignment(
        group_id=group.id,
        ride=ride,
        driver=driver,
        user_id=driver.user_id,
        state=AssignmentState.ACCEPTED,
        pickup_at=starts,
        dropoff_at=starts + timedelta(minutes=10),
        busy_until=starts + timedelta(minutes=15),
        approved_at=NOW,
    )
    session.add(one)
    session.flush()
    grants.open_to_driver(
        session,
        assignment=one,
        places=[ride.pickup_place],
        starts_at=NOW - timedelta(days=2),
        ends_at=NOW + timedelta(days=4),
    )
    return one


def _reveal(session: Session, actor: Actor, family: UUID, now: datetime) -> object:
    found = session.scalars(select(Family).where(Family.uid == family)).one()
    return families.reveal(session, actor, found, parts={Part.PHONE}, now=now).phone


def _try(database: Database, insider: Insider, hours: int) -> None:
    """Ask for every family, again and again; each time the account is open anew."""
    insider.refused_at = []
    if insider.an_hour is not None:
        _try_slowly(database, insider)
        return
    for step in range(hours * 4):
        now = NOW + step * _A_TRY
        with database.transaction() as session:
            session.get_one(User, insider.actor.user_id).state = UserState.ACTIVE
        with ThreadPoolExecutor(_BROWSERS) as pool:
            done = pool.map(
                lambda some, now=now: _browse(database, insider, some, now),
                [insider.families[start::_BROWSERS] for start in range(_BROWSERS)],
            )
            insider.shown += [one for some in done for one in some]
        insider.families = insider.families[7:] + insider.families[:7]


def _try_slowly(database: Database, insider: Insider) -> None:
    """Ask for some families each hour, from one browser."""
    for hour, start in enumerate(range(0, len(insider.families), insider.an_hour)):
        some = insider.families[start : start + insider.an_hour]
        insider.shown += _browse(database, insider, some, NOW + hour * limits.AN_HOUR)


def _browse(database: Database, insider: Insider, some: list[UUID], now: datetime) -> list[Shown]:
    """One browser, until it is signed out."""
    shown = []
    for family in some:
        insider.tried += 1
        try:
            with database.transaction() as session:
                if insider.ask(session, insider.actor, family, now):
                    shown.append(Shown(family, now))
        except LimitReached:
            insider.refused_at.append(now)
            break
        except DispatchError:
            break
    return shown


def _without_alarm(database: Database, insiders: dict[str, Insider]) -> int:
    """Refusals at the limit that no alarm tells of, at the same moment."""
    with database.transaction(reads_only=True) as session:
        told = {
            (about, made_at)
            for about, made_at in session.execute(
                select(Alarm.about_id, Alarm.made_at).where(Alarm.kind == limits.OVER.name)
            )
        }
    return sum(
        (one.actor.user_id, moment) not in told
        for one in insiders.values()
        for moment in one.refused_at or ()
    )


@contextmanager
def _no_limit() -> Iterator[None]:
    """Let everything be fine: what the detector has to notice."""
    kept, limits.verdict = limits.verdict, lambda *_args: Verdict.FINE
    try:
        yield
    finally:
        limits.verdict = kept
