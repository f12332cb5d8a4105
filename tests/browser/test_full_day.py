"""A whole day in Spanish: two coordinators, five drivers on their phones, one in a dead spot.

A driver cannot come and the plan is repaired, a party calls when it is ready, and at one door
nobody comes.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from dispatch import clock
from dispatch.planning.models import Assignment
from dispatch.rides.models import Leg, Ride, RideEvent, RideState
from tests.browser.phones import a_phone, is_ready
from tests.browser.roles import LONGEST_RUN, Coordinator, Driver, clock_of
from tests.browser.scene import CLINIC, DOOR, Scene

pytestmark = pytest.mark.needs("browser")
LANGUAGE = "es"
NAMES = ("Marta", "Yusuf", "Hodan", "Olga", "Pablo")
SPANS = {
    "quiet": timedelta(hours=6),
    "dead spot": timedelta(minutes=90),
    "nobody": timedelta(minutes=110),
    "drops out": timedelta(hours=4),
}
"""How far from now the rides are, by what happens on them."""
DRIVEN = ("I have arrived", "They are on board", "Dropped off")


@dataclass
class Day:
    """Everybody who plays, and the rides by what happens on them."""

    made: Scene
    rosa: Coordinator
    ines: Coordinator
    drivers: dict[str, Driver]
    rides: dict[str, Ride]
    asked: dict[str, str] = field(default_factory=dict)
    """Who drives which of them."""

    def row(self, ride: str, somebody: Coordinator) -> Locator:
        """A ride on somebody's board as it is now."""
        somebody.open_board(self.made.today)
        return somebody.tab.locator(f"#list .ride[data-ride='{self.rides[ride].uid}']")

    def driver(self, ride: str) -> Driver:
        """Who drives a ride."""
        return self.drivers[self.asked[ride]]


def stored(made: Scene) -> list[Ride]:
    """The rides of the scene's group, the last one made last."""
    with made.installation.database.transaction(reads_only=True) as session:
        chosen = select(Ride).where(Ride.group_id == made.group_id).order_by(Ride.id)
        return list(session.scalars(chosen))


@pytest.fixture
def day(scene, signed_in, browser, installation, album) -> Iterator[Day]:
    """A coordinator each at a desk, and five drivers whose phones may lose the network."""
    made = scene(*({"seconds": span.total_seconds()} for span in SPANS.values()), drivers=NAMES)
    rosa, ines = (signed_in(made, Coordinator, name, LANGUAGE) for name in ("Rosa", "Ines"))
    with ExitStack() as stack:
        drivers = {}
        for name in NAMES:
            tab = stack.enter_context(a_phone(browser, installation.address))
            drivers[name] = Driver(tab, LANGUAGE, album)
            made.sign_in(tab, name)
            drivers[name].speak()
        yield Day(made, rosa, ines, drivers, dict(zip(SPANS, stored(made), strict=True)))


def test_a_day_on_which_everything_happens(day: Day, local_now: datetime):
    a_family_asks_and_will_call_for_the_way_back(day, local_now + timedelta(minutes=70))
    two_coordinators_ask_five_drivers(day)
    all_five_say_yes(day)
    one_drives_through_a_dead_spot(day)
    nobody_comes_to_a_door(day)
    one_cannot_come_and_the_plan_is_repaired(day)
    the_party_calls_and_is_brought_home(day)
    every_ride_is_in_one_visible_place(day)


def a_family_asks_and_will_call_for_the_way_back(day: Day, at: datetime) -> None:
    day.rosa.begin_request(day.made.numbers[0], CLINIC, day.made.today, clock_of(at))
    day.rosa.choose("Will-call")
    day.rosa.save_request(rides=2)
    out, back = stored(day.made)[-2:]
    assert (out.leg, back.state) == (Leg.OUTBOUND, RideState.WILL_CALL)
    day.rides |= {"calls": out, "back": back}


def two_coordinators_ask_five_drivers(day: Day) -> None:
    """One ride as the matcher proposes it, the others by hand, so that everybody drives."""
    rosa, ines = day.rosa, day.ines
    rosa.match(day.made.today)
    proposed = day.row("calls", rosa)
    name = proposed.locator("b.nowrap").inner_text()
    rosa.press("Approve", proposed)
    rosa.is_told("Approved. %(name)s is asked now.", name=name)
    day.asked["calls"] = name
    for ride, other in zip(SPANS, (one for one in NAMES if one != name), strict=True):
        ines.open_ride(day.row(ride, ines))
        ines.follow("Move to…")
        ines.choose(other)
        ines.press("Ask this driver")
        ines.is_told("%(name)s is asked now.", name=other)
        day.asked[ride] = other
    rosa.open_board(day.made.today)
    rosa.keep("all-asked")


def all_five_say_yes(day: Day) -> None:
    for driver in day.drivers.values():
        driver.accept(CLINIC)
    for ride in day.asked:
        day.rosa.sees_state(day.row(ride, day.rosa), "accepted")


def one_drives_through_a_dead_spot(day: Day) -> None:
    """Arrived and on board without a network; the desk learns both when there is one again."""
    driver, tab = day.driver("dead spot"), day.driver("dead spot").tab
    driver.sees_the_door_for_a_while(DOOR)
    tab.goto("/today")
    is_ready(tab)
    tab.context.set_offline(True)
    for tap in DRIVEN[:2]:
        tab.get_by_role("button", name=driver.word(tap)).first.click()
        expect(tab.get_by_text(f"{driver.word(tap)}: ").first).to_be_visible()
    driver.keep("dead-spot")
    day.rosa.sees_state(day.row("dead spot", day.rosa), "accepted")
    tab.context.set_offline(False)
    # The page comes anew by itself, once everything is sent.
    expect(tab.get_by_role("heading", name=driver.word("Your next pickup"))).to_be_visible()
    day.rosa.sees_state(day.row("dead spot", day.rosa), "onboard")
    driver.report(DRIVEN[2])
    day.rosa.sees_state(day.row("dead spot", day.rosa), "done")
    with day.made.installation.database.transaction(reads_only=True) as session:
        told = select(RideEvent).where(RideEvent.ride_id == day.rides["dead spot"].id)
        states = [one.after for one in session.scalars(told.order_by(RideEvent.id))]
    assert states[-3:] == [RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE]
    assert len(states) == len(set(states))


def nobody_comes_to_a_door(day: Day) -> None:
    its_minute_comes(day, "nobody")
    driver = day.driver("nobody")
    driver.tab.goto("/today")
    driver.report("I have arrived")
    driver.tab.get_by_text(driver.word("Nobody came?")).click()
    driver.keep("nobody-came")
    driver.report("They cancelled at the door")
    day.rosa.sees_state(day.row("nobody", day.rosa), "noshow")


def its_minute_comes(day: Day, ride: str) -> None:
    """Its promised pickup was a minute ago."""
    with day.made.installation.database.transaction() as session:
        chosen = select(Assignment).where(Assignment.ride_id == day.rides[ride].id)
        session.scalars(chosen).one().pickup_at = clock.now() - timedelta(minutes=1)


def one_cannot_come_and_the_plan_is_repaired(day: Day) -> None:
    rosa, first = day.rosa, day.asked["drops out"]
    day.row("drops out", rosa).locator("a.way").click()
    rosa.follow("Cannot come?", rosa.tab.locator("#pick"))
    rosa.press("Take out of this day")
    changes = rosa.card("What the repair changed")
    expect(changes).to_be_visible(timeout=LONGEST_RUN)
    rosa.keep("repaired")
    row = day.row("drops out", rosa)
    other = row.locator("b.nowrap").inner_text()
    assert other != first
    rosa.press("Approve", row)
    rosa.is_told("Approved. %(name)s is asked now.", name=other)
    day.asked["drops out"] = other
    day.drivers[other].accept(CLINIC)
    gone = day.drivers[first]
    gone.tab.goto("/today")
    gone.is_told("Not yours any more")
    rosa.sees_state(day.row("drops out", rosa), "accepted")


def the_party_calls_and_is_brought_home(day: Day) -> None:
    """Until somebody has the way back, every board says that they wait."""
    rosa, ines, driver = day.rosa, day.ines, day.driver("calls")
    driver.tab.goto("/today")
    for step in DRIVEN:
        driver.report(step)
    rosa.sees_state(day.row("calls", rosa), "done")
    ines.open_ride(day.row("back", ines))
    ines.press("They are ready now")
    ines.is_told("Ready. The matcher looks for a driver now; you can also choose one.")
    ines.match(day.made.today)
    row = day.row("back", ines)
    name = row.locator("b.nowrap").inner_text()
    ines.press("Approve", row)
    ines.is_told("Approved. %(name)s is asked now.", name=name)
    home = day.drivers[name]
    home.accept(CLINIC)
    home.tab.goto("/today")
    for step in DRIVEN:
        home.report(step)
    rosa.sees_state(day.row("back", rosa), "done")


def every_ride_is_in_one_visible_place(day: Day) -> None:
    day.rosa.open_board(day.made.today)
    day.rosa.keep("end-of-the-day")
    shown = day.rosa.tab.locator("#list .ride").evaluate_all(
        "rows => rows.map(row => row.dataset.ride)"
    )
    assert sorted(shown) == sorted(str(ride.uid) for ride in stored(day.made))
    for ride, state in {
        "calls": "done",
        "back": "done",
        "dead spot": "done",
        "nobody": "noshow",
        "drops out": "accepted",
        "quiet": "accepted",
    }.items():
        day.rosa.sees_state(day.row(ride, day.rosa), state)
