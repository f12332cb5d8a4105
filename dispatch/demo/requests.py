"""What the families of the demo ask for: series that go on, and enough single days around today."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from dispatch.demo.settling import Settled
from dispatch.families.models import Family
from dispatch.rides import service as rides
from dispatch.rides.models import Anchor, Purpose, Request, ReturnKind
from dispatch.rides.rules import Asked

FIRST, LAST = -2, 6
"""Days from today that have rides, both inclusive."""
_SERIES_WEEKS = 2
_STAYS = (30, 45, 60, 75, 90, 120)
"""Minutes at a drop-off."""
_NOTES = ("", "", "", "Call when outside.", "Has a folded stroller.", "Needs a moment for stairs.")
_QUARTER = 15


@dataclass(frozen=True)
class _Goal:
    """Somewhere families go."""

    place: str
    purpose: Purpose
    earliest: int
    latest: int
    """Hours between which people are expected there."""
    weight: int = 2
    with_children: bool = False


_GOALS = (
    _Goal("Lakeview Clinic", Purpose.MEDICAL, 8, 16, 5),
    _Goal("Alder Bay Hospital", Purpose.MEDICAL, 8, 17, 5),
    _Goal("Mill Hill Health Centre", Purpose.MEDICAL, 8, 16, 4),
    _Goal("Fernbank Dental", Purpose.MEDICAL, 9, 17, 3),
    _Goal("Children's Clinic", Purpose.MEDICAL, 8, 16, 3, with_children=True),
    _Goal("East Ferry Midwives", Purpose.MEDICAL, 9, 15),
    _Goal("Eye Clinic", Purpose.MEDICAL, 9, 16),
    _Goal("County Court", Purpose.LEGAL, 9, 14),
    _Goal("Legal Aid Office", Purpose.LEGAL, 9, 16),
    _Goal("Food Bank", Purpose.FOOD, 10, 16, 4),
    _Goal("Big Valley Foods", Purpose.FOOD, 9, 18),
    _Goal("Harbour Market", Purpose.FOOD, 9, 18),
    _Goal("Heron Greenhouses", Purpose.WORK, 7, 14),
    _Goal("Public Library", Purpose.OTHER, 10, 17),
    _Goal("Newcomer House", Purpose.OTHER, 9, 18),
    _Goal("Al Noor Mosque", Purpose.OTHER, 12, 14, 1),
)
_RETURNS = (
    *(ReturnKind.FIXED,) * 4,
    *(ReturnKind.WAIT,) * 2,
    *(ReturnKind.WILL_CALL,) * 2,
    *(ReturnKind.NONE,) * 2,
)


@dataclass(frozen=True)
class _Series:
    """Somewhere a family goes every week."""

    place: str
    purpose: Purpose
    weekdays: frozenset[int]
    at: time
    return_kind: ReturnKind = ReturnKind.FIXED
    return_at: time | None = None
    with_children: bool = False


_WORKDAYS = frozenset(range(5))
_SERIES = (
    _Series(
        "Harbour Dialysis Centre",
        Purpose.MEDICAL,
        frozenset((0, 2, 4)),
        time(7, 30),
        return_at=time(12),
    ),
    _Series(
        "Harbour Dialysis Centre",
        Purpose.MEDICAL,
        frozenset((1, 3, 5)),
        time(13),
        ReturnKind.WILL_CALL,
    ),
    _Series(
        "Alder Elementary",
        Purpose.SCHOOL,
        _WORKDAYS,
        time(8, 30),
        return_at=time(15),
        with_children=True,
    ),
    _Series(
        "Bay Secondary School",
        Purpose.SCHOOL,
        _WORKDAYS,
        time(8, 15),
        ReturnKind.NONE,
        with_children=True,
    ),
    _Series(
        "Adult Learning Centre", Purpose.SCHOOL, frozenset((1, 3)), time(18), return_at=time(20)
    ),
    _Series("Bay Cannery", Purpose.WORK, _WORKDAYS, time(7, 30), return_at=time(15, 30)),
    _Series("Lotus Temple", Purpose.OTHER, frozenset((6,)), time(10), return_at=time(11, 30)),
)


@dataclass(frozen=True)
class PerDay:
    """How many rides a day has at least."""

    today: int
    weekday: int
    weekend: int


@dataclass
class Asking:
    """Submits requests and counts. A class because every request changes whose turn it is."""

    session: Session
    settled: Settled
    today: date
    random: Random
    now: datetime

    def __post_init__(self) -> None:
        """Nobody has asked for anything yet."""
        self.requests: list[Request] = []
        self._rides: Counter[date] = Counter()
        self._busy: dict[date, set[int]] = defaultdict(set)

    def series(self) -> None:
        """The rides that come back every week; each is a family's own."""
        first = self.today + timedelta(days=FIRST)
        with_children = (one for one in self.settled.families if one.children)
        others = (one for one in self.settled.families if not one.children and not one.wheelchair)
        for one in _SERIES:
            family = next(with_children if one.with_children else others)
            asked = self._asked(family, one, first, one.at)
            self._submit(
                family,
                replace(
                    asked,
                    return_kind=one.return_kind,
                    return_at=one.return_at,
                    weekdays=one.weekdays,
                    until=first + timedelta(weeks=_SERIES_WEEKS),
                ),
            )

    def single_days(self, rides: PerDay) -> None:
        """Fill every day around today up to its number of `rides`."""
        for offset in range(FIRST, LAST + 1):
            day = self.today + timedelta(days=offset)
            usual = rides.weekend if day.weekday() > 4 else rides.weekday
            wanted = rides.today if day == self.today else usual
            while self._rides[day] < wanted:
                self._single(day, at_most=wanted - self._rides[day])

    def today_at(self, there_at: datetime, *, back_at: datetime | None = None) -> None:
        """A ride of today to be there at a moment near now, and one back if `back_at` says when."""
        self._single(
            self.today,
            at_most=1,
            at=self._wall(there_at),
            back=None if back_at is None else self._wall(back_at),
        )

    def _wall(self, moment: datetime) -> time:
        wall = moment.astimezone(self.settled.group.zone).time()
        return wall.replace(minute=wall.minute // 5 * 5, second=0)

    def _single(
        self, day: date, *, at_most: int, at: time | None = None, back: time | None = None
    ) -> None:
        free = [one for one in self.settled.families if one.id not in self._busy[day]]
        family = self.random.choice(free)
        goals = [
            one
            for one in _GOALS
            if one.place in self.settled.places and (family.children or not one.with_children)
        ]
        goal = self.random.choices(goals, [one.weight for one in goals])[0]
        if at is None:
            quarters = self.random.randrange((goal.latest - goal.earliest) * 60 // _QUARTER)
            at = _after(time(goal.earliest), quarters * _QUARTER)
        if family.children and self.random.random() < 0.3:
            goal = replace(goal, with_children=True)
        asked = self._asked(family, goal, day, at)
        kind = ReturnKind.NONE if at_most < 2 else self.random.choice(_RETURNS)
        kind = kind if back is None else ReturnKind.FIXED
        stay = self.random.choice(_STAYS)
        self._submit(
            family,
            replace(
                asked,
                return_kind=kind,
                return_at=back or _after(at, stay) if kind is ReturnKind.FIXED else None,
                wait_minutes=stay if kind is ReturnKind.WAIT else 0,
                notes=self.random.choice(_NOTES),
            ),
        )

    def _asked(self, family: Family, goal: _Goal | _Series, on: date, at: time) -> Asked:
        flexible = self.settled.group.flexible_minutes
        return Asked(
            pickup=family.place,
            dropoff=self.settled.places[goal.place],
            anchor=Anchor.ARRIVE_BY,
            on=on,
            at=at,
            purpose=goal.purpose,
            flexible_minutes=flexible,
            return_flexible_minutes=flexible,
            adults=1,
            children=family.children if goal.with_children else 0,
            child_seats=family.child_seats if goal.with_children else {},
            wheelchair=family.wheelchair,
            language=family.language if family.needs_language else None,
        )

    def _submit(self, family: Family, asked: Asked) -> None:
        number = len(self.requests)
        desks = self.settled.coordinators
        request = rides.submit(
            self.session,
            desks[number % len(desks)],
            family,
            asked,
            form_token=f"demo-{self.settled.group.uid}-{number}",
            now=self.now + timedelta(minutes=3 * number),
        )
        self.requests.append(request)
        for ride in request.rides:
            self._rides[ride.service_on] += 1
            self._busy[ride.service_on].add(family.id)


def _after(at: time, minutes: int) -> time:
    return (datetime.combine(date.min, at) + timedelta(minutes=minutes)).time()
