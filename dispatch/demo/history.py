"""What has happened to the rides of the demo by now: played through the services, in order of time.

The evening before a day a coordinator gives its rides to drivers, who answer; on the day they
report from the road. The matcher has no part in it: its runs are started when the demo starts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.db.transactions import vault_of
from dispatch.demo.people import WITH_SIGN_IN
from dispatch.demo.requests import FIRST
from dispatch.demo.settling import Settled
from dispatch.drivers import rules as driver_rules
from dispatch.drivers.models import Driver
from dispatch.errors import Refused
from dispatch.notify import service as notify
from dispatch.notify.models import Message
from dispatch.people import sessions
from dispatch.places.models import Place
from dispatch.places.roads import Roads
from dispatch.places.sealed import point_of
from dispatch.planning import service as planning
from dispatch.planning.models import Assignment
from dispatch.policy import Actor
from dispatch.rides.models import Anchor, Leg, ReturnKind, Ride, RideState

_EVENING = time(16, 30)
_SOON = timedelta(minutes=75)
"""Rides that begin so soon have a driver; of later ones of today only some."""
_SPARE = timedelta(minutes=3)
"""How much sooner than needed a driver is to arrive."""
_APART = timedelta(minutes=25)
"""Time left between two rides of a driver."""
_CALLED = timedelta(minutes=30)
"""From "ready" to the driver being there."""
_TRIES = 12
"""Drivers who are looked at for one ride."""
_UNANSWERED, _DECLINED = 3, 5
"""Of later rides that were given away, every third waits for an answer, every fifth got a no."""
_NO_SHOW = 4
"""The ride of a day gone by, counted from nought, to which nobody came."""

Event = tuple[datetime, int, Callable[[datetime], None]]
"""When, in which order at the same moment, and what."""


@dataclass
class History:
    """Plays the days up to now. A class because drivers are taken for the time of their rides."""

    session: Session
    settled: Settled
    today: date
    random: Random
    now: datetime
    roads: Roads
    events: list[Event] = field(default_factory=list)
    """A heap."""
    taken: dict[tuple[int, date], list[tuple[datetime, datetime]]] = field(default_factory=dict)
    """By driver and day, from pickup to being free again."""
    later: int = 0
    """Rides given away that begin in some hours."""

    def play(self, rides: Iterable[Ride]) -> None:
        """Bring the rides of the days before and of today to where they are now."""
        days: dict[date, list[Ride]] = {}
        for ride in rides:
            days.setdefault(ride.service_on, []).append(ride)
        for offset in range(FIRST, 2):
            day = self.today + timedelta(days=offset)
            self._give_away(days.get(day, []), day)
            self._happen()
            self._give_up(days.get(day, []))
        self._cancel_one(days[self.today])
        self._tell_families()

    def _give_away(self, rides: list[Ride], day: date) -> None:
        """The evening before, rides get drivers: nearly all that are over, few that are to come."""
        evening = clock.local_instant(day - timedelta(days=1), _EVENING, self.settled.group.zone)
        alarming = self._alarming(rides) if day == self.today else None
        timed = (ride for ride in rides if ride.state is RideState.OPEN and not ride.with_outbound)
        for number, ride in enumerate(sorted(timed, key=_begins)):
            has_no_way_there = ride.outbound is not None and ride.outbound.state is RideState.OPEN
            if ride is alarming or has_no_way_there or self.random.random() > self._chance(ride):
                continue
            at = min(evening + timedelta(minutes=2 * number), self.now)
            made = self._assign(ride, self._pickup(ride), at)
            if made:
                self._answer(made, number, at)

    def _chance(self, ride: Ride) -> float:
        if ride.service_on > self.today:
            return 0.2
        if _begins(ride) > self.now + _SOON:
            return 0.35
        return 0.9 if ride.service_on < self.today and ride.leg is Leg.OUTBOUND else 1.0

    def _alarming(self, rides: list[Ride]) -> Ride | None:
        """The return that will have no driver although the party is there by now."""
        early = [
            ride
            for ride in rides
            if ride.leg is Leg.RETURN
            and ride.request.return_kind is ReturnKind.FIXED
            and ride.outbound is not None
            and _begins(ride) > self.now
            and (ride.outbound.window_ends_at or self.now) < self.now - timedelta(minutes=20)
        ]
        return min(early, key=_begins, default=None)

    def _assign(self, ride: Ride, pickup_at: datetime, at: datetime) -> list[Assignment]:
        """Give `ride` to the first driver whom the rules allow; to nobody if there is none."""
        desk = self.random.choice(self.settled.coordinators)
        for driver in self._candidates(ride, pickup_at)[:_TRIES]:
            try:
                made = planning.assign(
                    self.session,
                    desk,
                    ride,
                    driver,
                    pickup_at=pickup_at,
                    version=ride.version,
                    engine=self.roads,
                    now=at,
                )
            except Refused:
                continue
            span = (made[0].pickup_at, made[-1].busy_until)
            self.taken.setdefault((driver.id, ride.service_on), []).append(span)
            return made
        return []

    def _candidates(self, ride: Ride, pickup_at: datetime) -> list[Driver]:
        """Who could drive: the printed accounts until each has something to do, then those who
        speak the family's language, then whoever has least."""
        day, zone = ride.service_on, self.settled.group.zone
        found = [
            driver
            for driver in self.settled.drivers
            if any(
                shift.starts_at <= pickup_at < shift.ends_at
                for shift in driver_rules.shifts_on(driver, day, zone)
            )
            and not any(
                start - _APART < pickup_at < end + _APART
                for start, end in self.taken.get((driver.id, day), [])
            )
        ]
        language = ride.family.language

        def rank(driver: Driver) -> tuple[bool, bool, int, str]:
            rides = len(self.taken.get((driver.id, day), []))
            can_sign_in = driver in self.settled.drivers[: len(WITH_SIGN_IN)]
            return (
                rides > 0 or not can_sign_in,
                language not in driver.languages,
                rides,
                driver.number,
            )

        return sorted(found, key=rank)

    def _pickup(self, ride: Ride) -> datetime:
        if ride.anchor is Anchor.LEAVE_AT:
            return _begins(ride)
        ends = [self._point(ride.pickup_place), self._point(ride.dropoff_place)]
        (drive,) = self.roads.legs(ends).minutes
        ahead = timedelta(minutes=drive + self.settled.group.board_minutes)
        return (ride.window_ends_at or _begins(ride)) - ahead - _SPARE

    def _point(self, place: Place) -> tuple[float, float]:
        return point_of(place, vault_of(self.session))

    def _answer(self, made: list[Assignment], number: int, at: datetime) -> None:
        """The driver says yes, no, or nothing yet; after a yes the rides are driven."""
        first = made[0]
        driver = _actor(first.driver)
        answers_at = at + timedelta(minutes=self.random.randint(20, 200))
        if first.pickup_at > self.now + _SOON:
            self.later += 1
            if self.later % _UNANSWERED == 1:
                return
            if self.later % _DECLINED == 2:
                decline = partial(planning.decline_offer, self.session, driver, first)
                self._later(answers_at, lambda now: decline(now=now))
                return
        is_over = first.ride.service_on < self.today
        self._later(answers_at, lambda now: planning.accept(self.session, driver, first, now=now))
        self._drive(driver, made, is_no_show=is_over and number == _NO_SHOW and len(made) == 1)

    def _drive(self, driver: Actor, made: list[Assignment], *, is_no_show: bool) -> None:
        for one in made:
            late = timedelta(minutes=self.random.randint(-3, 6))
            boarded = one.pickup_at + late + timedelta(minutes=self.settled.group.board_minutes)
            self._report(driver, one, RideState.ARRIVED, one.pickup_at + late)
            if is_no_show:
                self._report(driver, one, RideState.NO_SHOW, boarded + timedelta(minutes=10))
                return
            self._report(driver, one, RideState.ON_BOARD, boarded)
            self._report(driver, one, RideState.DONE, one.dropoff_at + late)
            for back in one.ride.returns:
                if back.state is RideState.WILL_CALL:
                    stays = timedelta(minutes=self.random.randint(30, 90))
                    self._later(one.dropoff_at + stays, partial(self._ready, back))

    def _report(self, driver: Actor, one: Assignment, state: RideState, at: datetime) -> None:
        self._later(
            at, lambda now: planning.report_progress(self.session, driver, one, state, now=now)
        )

    def _ready(self, ride: Ride, at: datetime) -> None:
        """The party of a will-call calls; a driver who is free comes, if there is one."""
        planning.mark_ready(self.session, self.settled.coordinators[0], ride, now=at)
        if at + _CALLED > self.now:
            return
        made = self._assign(ride, at + _CALLED, at)
        if not made:
            self._cancel(ride, "other_way", at + _CALLED)
            return
        driver = _actor(made[0].driver)
        accept = partial(planning.accept, self.session, driver, made[0])
        self._later(at + timedelta(minutes=4), lambda now: accept(now=now))
        self._drive(driver, made, is_no_show=False)

    def _later(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        """Let something happen at a moment, if that is not still to come."""
        if at <= self.now:
            heappush(self.events, (at, self.random.getrandbits(60), happens))

    def _happen(self) -> None:
        while self.events:
            at, _order, happens = heappop(self.events)
            happens(at)

    def _give_up(self, rides: list[Ride]) -> None:
        """Families whom nobody could take there in time have found another way, both ways."""
        for ride in rides:
            if ride.leg is Leg.RETURN or ride.state is not RideState.OPEN:
                continue
            if ride.window_ends_at is None or ride.window_ends_at > self.now:
                continue
            for leg in (*ride.returns, ride):
                if leg.state is not RideState.CANCELLED:
                    self._cancel(leg, "other_way", _begins(ride) - timedelta(minutes=30))

    def _cancel_one(self, rides: list[Ride]) -> None:
        """Today one family cancels the last ride of the day that is one way."""
        alone = (one for one in rides if one.state is RideState.OPEN and not one.returns)
        last = max(alone, key=_begins)
        self._cancel(last, "family", self.now - timedelta(minutes=50))

    def _cancel(self, ride: Ride, reason: str, at: datetime) -> None:
        desk = self.settled.coordinators[0]
        version = ride.version
        planning.cancel_ride(self.session, desk, ride, reason=reason, version=version, now=at)

    def _tell_families(self) -> None:
        """Coordinators have called about everything but the latest news."""
        until = self.now - timedelta(hours=3)
        waiting = select(Message).where(
            Message.group_id == self.settled.group.id,
            Message.family_id.is_not(None),
            Message.dropped_at.is_(None),
            Message.made_at < until,
        )
        desk = self.settled.coordinators[-1]
        for message in self.session.scalars(waiting):
            told_at = message.made_at + timedelta(minutes=30)
            notify.mark_told(self.session, desk, message, now=told_at)


def _begins(ride: Ride) -> datetime:
    if ride.window_starts_at is None:
        raise LookupError("a ride without a window has no beginning")
    return ride.window_starts_at


def _actor(driver: Driver) -> Actor:
    return sessions.actor_of(driver.user, {driver.group_id: driver.id})
