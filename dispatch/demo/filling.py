"""The whole demo, from an empty database to a town in the middle of its week."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.db.transactions import Database, commit
from dispatch.demo import people, settling, town
from dispatch.demo.history import History
from dispatch.demo.requests import FIRST, Asking, PerDay
from dispatch.people import service as accounts
from dispatch.people.models import Group, User
from dispatch.places.roads import Estimate, Roads
from dispatch.planning import service as planning
from dispatch.planning.service.runs import Enqueue
from dispatch.policy.actor import SYSTEM

SEED = 20270308
_FOUNDED = timedelta(days=21)
"""How long ago the groups began."""
_ASKED = timedelta(days=-FIRST + 2)
"""How long ago the families asked for the rides of these days."""
_THERE, _BACK = timedelta(minutes=-100), timedelta(minutes=50)
"""From now until a party was there, and until it wants back without a driver."""
_UNDER_WAY = tuple(timedelta(minutes=minutes) for minutes in (4, 9, 14, 19))
"""From now until parties are expected who are on their way."""
_RIDES = PerDay(today=36, weekday=16, weekend=8)
_NEIGHBOURS_RIDES = PerDay(today=4, weekday=2, weekend=0)


def fill(
    database: Database,
    *,
    now: datetime,
    seed: int = SEED,
    roads: Callable[[], Roads] = Estimate,
) -> None:
    """Make the town, its people and their rides: the same for the same seed, moment and roads.

    `roads` is asked for its engine when everybody is there and the driving begins.
    """
    founded_at = now - _FOUNDED
    with database.transaction() as session:
        _user, code = accounts.make_steward(
            session,
            SYSTEM,
            name=people.STEWARD.name,
            email=people.STEWARD.email,
            language=people.STEWARD.language,
            now=founded_at,
        )
    with database.transaction() as session:
        steward = accounts.accept_invitation(
            session, code, people.PASS_PHRASE, people.STEWARD.language, now=founded_at
        )
    with database.transaction() as session:
        steward = session.get_one(User, steward.id)
        _settle(session, steward, now=now, founded_at=founded_at, random=Random(seed), roads=roads)


def start_runs(database: Database, *, enqueue: Enqueue, now: datetime) -> None:
    """Ask for match runs over today and tomorrow: the worker proposes who could drive the rest."""
    with database.transaction() as session:
        group = session.scalars(select(Group).where(Group.name == settling.GROUP)).one()
        today = clock.local_day(now, group.zone)
        for day in (today, today + timedelta(days=1)):
            planning.start_run(session, SYSTEM, group, day, enqueue=enqueue, now=now)


def _settle(
    session: Session,
    steward: User,
    *,
    now: datetime,
    founded_at: datetime,
    random: Random,
    roads: Callable[[], Roads],
) -> None:
    zone = town.where_it_is_morning(now)
    settled_by = settling.settling_with(
        session, steward=steward, zone=zone, random=random, now=founded_at
    )
    today = clock.local_day(now, ZoneInfo(zone))
    settled = settling.settle_town(settled_by, today=today)
    asking = Asking(session, settled, today, random, now - _ASKED)
    asking.series()
    asking.today_at(now + _THERE, back_at=now + _BACK)
    for lead in _UNDER_WAY:
        asking.today_at(now + lead)
    asking.single_days(_RIDES)
    rides = [ride for request in asking.requests for ride in request.rides]
    neighbours = settling.settle_neighbours(settled_by)
    Asking(session, neighbours, today, random, now - _ASKED).single_days(_NEIGHBOURS_RIDES)
    commit(session)  # so that whoever makes the roads ready need not wait for all of it
    History(session, settled, today, random, now, roads()).play(rides)
