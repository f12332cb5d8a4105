"""The main job, from a steward's first link to a driven ride: real servers, worker and matcher.

Nobody's clock is changed. The rides are near enough to now for their addresses to be open, and in
a time zone where the day is young.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select

from dispatch import i18n
from dispatch.planning.models import Assignment
from dispatch.rides.models import Ride, RideState
from tests.browser import tabs
from tests.browser.roles import LONGEST_RUN, Coordinator, Driver, Person, Steward, clock_of
from tests.browser.scene import Scene, make
from tests.browser.world import Installation

pytestmark = pytest.mark.needs("browser")

HOMES = {"Carmen": "48 Larch Row", "Amina": "7 Ash Lane", "Marta": "5 Quay St"}
CLINIC, SCHOOL, COURT = "Lakeview Clinic", "Elm Street School", "Alder Bay Court"
_numbers = count(1)


@pytest.fixture
def person(browser: Browser, installation: Installation) -> Iterator[Callable[..., Person]]:
    """A function to somebody of a role, with a browser of the right size."""
    with ExitStack() as stack:

        def come(role: type[Person], language: str = "en") -> Person:
            size = tabs.PHONE if role is Driver else tabs.DESK
            tab = stack.enter_context(tabs.opened(browser, installation.address, size=size))
            return role(tab, language)

        yield come


def email_of(name: str) -> str:
    """An address that nobody in this installation has yet."""
    return f"{name.lower()}{next(_numbers)}@example.org"


def test_a_familys_request_becomes_a_driven_ride(person, installation, local_now):
    zone, today = local_now.tzinfo.key, local_now.date()
    soon, later = local_now + timedelta(minutes=75), local_now + timedelta(hours=6)

    # A steward comes in by the link of the command line, makes a group, and hands out links.
    sam = person(Steward)
    _email, code = installation.invite_steward()
    sam.open_invitation(f"/invite/{code}")
    sam.make_group("Alder Bay Rides", zone)
    links = {
        name: sam.invite(role, name, email_of(name))
        for role, name in [
            ("Coordinator", "Rosa"),
            ("Coordinator", "Ana"),
            ("Driver", "Marta"),
            ("Driver", "Yusuf"),
        ]
    }
    rosa, marta, yusuf = person(Coordinator), person(Driver), person(Driver)
    for somebody, name in [(rosa, "Rosa"), (marta, "Marta"), (yusuf, "Yusuf")]:
        somebody.open_invitation(links[name])

    # The coordinator enters places, cars and families.
    rosa.type_place(CLINIC, "Clinic", (49.260, -123.120))
    rosa.type_place(COURT, "Court", (49.268, -123.105))
    rosa.pin_place(SCHOOL, "School")
    rosa.enter_car("Marta", "blue Honda", HOMES["Marta"], (49.275, -123.100))
    rosa.enter_car("Yusuf", "grey Toyota", "12 Mill Rd", (49.262, -123.130))
    rosa.enter_family("F101", "Carmen", HOMES["Carmen"], (49.271, -123.112), adults=2)
    rosa.enter_family("F102", "Amina", HOMES["Amina"], (49.280, -123.115))
    rosa.enter_family_without_home("F103", "Nadia", SCHOOL)

    # The drivers say with what and when, on their phones.
    marta.change_car("green Honda")
    marta.offer_week("06:00", clock_of(local_now + timedelta(hours=5)))
    yusuf.offer_week(clock_of(local_now + timedelta(hours=4)), "22:00")

    # Requests: a fixed return, a will-call, a driver who waits, a series, one that nobody can.
    rosa.begin_request("F101", CLINIC, today, clock_of(soon))
    rosa.choose("Fixed time")
    rosa.field("Leave again at").fill(clock_of(soon + timedelta(hours=2)))
    rosa.save_request(rides=2)
    rosa.begin_request("F103", COURT, today, clock_of(soon + timedelta(minutes=45)))
    rosa.choose("Will-call")
    rosa.save_request(rides=2)
    rosa.begin_request("F102", COURT, today, clock_of(later))
    rosa.choose("Driver waits")
    rosa.save_request(rides=2)
    rosa.begin_request("F102", CLINIC, today + timedelta(days=1), "11:00")
    rosa.tab.get_by_text("Repeat every week").click()
    weekday = (today + timedelta(days=1)).strftime("%a")
    rosa.tab.get_by_role("checkbox", name=weekday).check()
    rosa.field("Until").fill((today + timedelta(days=22)).isoformat())
    rosa.tab.get_by_label("Day without a ride, 1").fill((today + timedelta(days=8)).isoformat())
    rosa.save_request(rides=3)
    rosa.begin_request("F103", CLINIC, today, clock_of(later))
    rosa.tab.get_by_label("Wheelchair, stays in it during the ride").check()
    rosa.save_request(rides=1)

    # The matcher proposes; what nobody can take says why.
    rosa.match(today)
    expect(rosa.card("Match run")).to_contain_text("Proven best")
    expect(rosa.tab.locator("#list .ride.is-proposed")).to_have_count(5)
    expect(rosa.row("F103", CLINIC).locator(".why")).not_to_be_empty()
    rosa.sees_state(rosa.row("F103", CLINIC), "unserved")

    tabs.take(rosa.tab, "story-board-proposed")

    # One is approved alone, one with a box; the way back of the first is left for later.
    way_out = rosa.outbound("F101", CLINIC)
    rosa.press("Approve", way_out)
    expect(rosa.tab.get_by_text(re.compile(r"Approved\. \w+ is asked now\."))).to_be_visible()
    rosa.sees_state(way_out, "offered")
    rosa.outbound("F103", COURT).get_by_role("checkbox").check()
    rosa.outbound("F102", COURT).get_by_role("checkbox").check()
    expect(rosa.tab.get_by_text("2 selected")).to_be_visible()
    rosa.press("Approve", rosa.tab.locator(".bulk"))
    expect(rosa.tab.get_by_text("3 rides approved, their drivers are asked now.")).to_be_visible()

    # A driver says no. By hand it goes to another one: refused while she is away, then it goes.
    yusuf.decline(COURT)
    marta.offer_week("06:00", "22:00")
    rosa.open_board(today)
    rosa.open_ride(rosa.outbound("F102", COURT))
    rosa.follow("Choose a driver")
    expect(rosa.card("Drivers who cannot, and why")).to_contain_text("Yusuf")
    rosa.choose("Marta")
    marta.be_away(today)
    rosa.press("Ask this driver")
    expect(rosa.tab.locator("#errors")).to_contain_text("does not offer enough time")
    tabs.take(rosa.tab, "story-refused")
    marta.be_back()
    rosa.open_board(today)
    rosa.open_ride(rosa.outbound("F102", COURT))
    rosa.follow("Choose a driver")
    rosa.choose("Marta")
    rosa.press("Ask this driver")
    rosa.is_told("%(name)s is asked now.", name="Marta")

    # She says yes. Near addresses are open, far ones say when they open.
    marta.accept(CLINIC)
    marta.accept(COURT)
    marta.accept(COURT)
    opens_later = marta.tab.get_by_text(re.compile("Opens at .*Each look is logged"))
    expect(opens_later).to_have_count(2)
    rosa.tab.goto("/messages")
    expect(rosa.card("F101")).to_contain_text("They know now")
    tabs.take(rosa.tab, "story-messages")
    sees_the_door_for_a_while(marta, HOMES["Carmen"])
    tabs.take(marta.tab, "story-today")

    # The ride, step by step; the board knows, and misses a driver for the way back.
    for step, state in [
        ("I have arrived", "arrived"),
        ("They are on board", "onboard"),
        ("Dropped off", "done"),
    ]:
        marta.report(step)
        rosa.open_board(today)
        rosa.sees_state(rosa.outbound("F101", CLINIC), state)
    expect(rosa.tab.get_by_role("alert", name="Return without a driver")).to_contain_text("F101")

    tabs.take(rosa.tab, "story-board-alarm")

    # Nobody comes to the next pickup.
    marta.report("I have arrived")
    marta.tab.get_by_text("Nobody came?").click()
    marta.report("No-show")
    rosa.open_board(today)
    rosa.sees_state(rosa.outbound("F103", COURT), "noshow")

    # The last one is cancelled, with the way back of the driver who would have waited.
    rosa.open_ride(rosa.outbound("F102", COURT))
    rosa.card("Cancel").get_by_role("button").click()
    rosa.is_told("Cancelled. Whoever was to come is told.")
    rosa.open_board(today)
    rosa.sees_state(rosa.row("F102", COURT).first, "cancelled")
    marta.tab.goto("/today")
    expect(marta.tab.get_by_text("Nothing today. Enjoy it.")).to_be_visible()


def sees_the_door_for_a_while(driver: Driver, line: str) -> None:
    """Look at the address of the next ride, and hide it again."""
    hidden = driver.tab.get_by_role("button", name=re.compile("^" + driver.word("Show")))
    hidden.first.click()
    value = driver.tab.locator(".shown .value")
    expect(value).to_contain_text(line)
    tabs.take(driver.tab, "story-door")
    driver.follow("Hide")
    expect(value).to_have_count(0)
    assert line not in driver.tab.content()
    expect(hidden.first).to_be_visible()


@pytest.fixture
def scene(installation: Installation, local_now: datetime) -> Callable[..., Scene]:
    """A function to a group with rides so long from now."""
    return lambda *rides: make(installation, local_now, rides=[timedelta(**one) for one in rides])


@pytest.fixture
def signed_in(person) -> Callable[..., Person]:
    """A function to somebody of a scene, who is in already."""

    def come(scene: Scene, role: type[Person], name: str, language: str = "en") -> Person:
        somebody = person(role, language)
        scene.sign_in(somebody.tab, name)
        if language != "en":
            somebody.tab.goto("/me")
            somebody.tab.locator(f"button[name=language][value={language}]").click()
            somebody.tab.locator(f"html[lang={language}]").wait_for()
        return somebody

    return come


def test_of_two_coordinators_who_approve_at_once_one_wins_and_the_other_is_told(scene, signed_in):
    made = scene({"hours": 3})
    rosa, ana = (signed_in(made, Coordinator, name) for name in ("Rosa", "Ana"))
    rosa.match(made.today)
    ana.open_board(made.today)

    for one in (rosa, ana):
        row = one.outbound(made.numbers[0], CLINIC)
        row.get_by_role("button", name="Approve").click(no_wait_after=True)

    won = re.compile(r"Approved\. Marta is asked now\.")
    lost = re.compile(r"approved this .* ago\. Nothing of yours changed|Somebody else gave this")
    told = [said(one, won, lost) for one in (rosa, ana)]
    assert sorted(bool(won.search(sentence)) for sentence in told) == [False, True]
    with made.installation.database.transaction(reads_only=True) as session:
        of_group = select(Assignment).where(Assignment.group_id == made.group_id)
        assert len(session.scalars(of_group).all()) == 1


def said(person: Person, *sentences: re.Pattern[str]) -> str:
    """The one of these sentences that stands on the person's page."""
    either = re.compile("|".join(one.pattern for one in sentences))
    found = person.tab.get_by_text(either).first
    expect(found).to_be_visible()
    return found.inner_text()


def test_an_address_is_closed_at_the_next_request_after_the_ride_is_taken_back(scene, signed_in):
    made = scene({"minutes": 75})
    rosa, marta = signed_in(made, Coordinator, "Rosa"), signed_in(made, Driver, "Marta")
    rosa.match(made.today)
    row = rosa.outbound(made.numbers[0], CLINIC)
    rosa.press("Approve", row)
    marta.accept(CLINIC)
    sees_the_door_for_a_while(marta, "48 Larch Row")

    rosa.open_ride(rosa.outbound(made.numbers[0], CLINIC))
    rosa.press("Take back")
    rosa.is_told("Taken back. The address is closed, the driver is told, the ride is open again.")
    marta.press("Show")

    expect(
        marta.tab.get_by_text("There is nothing here, or it is not yours to see.")
    ).to_be_visible()
    assert "48 Larch Row" not in marta.tab.content()
    marta.tab.goto("/today")
    expect(marta.tab.get_by_text("Nothing today. Enjoy it.")).to_be_visible()


def test_a_week_is_matched_day_by_day(scene, signed_in):
    made = scene({"hours": 3}, {"days": 2})
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.tab.goto(f"/board/week?day={made.today.isoformat()}")

    rosa.press("Match the seven days")

    proposed = rosa.tab.locator(".chip.is-proposed")
    until_seen(rosa, proposed, 2)
    rosa.open_board(made.today + timedelta(days=2))
    rosa.sees_state(rosa.outbound(made.numbers[1], CLINIC), "proposed")


def until_seen(person: Person, what: Locator, number: int) -> None:
    """Look at the page again and again until it shows so many of `what`."""
    give_up_at = time.monotonic() + LONGEST_RUN / 1000
    while what.count() < number:
        assert time.monotonic() < give_up_at
        person.tab.reload()


def test_a_run_that_waits_can_be_stopped(scene, signed_in):
    made = scene({"hours": 3})
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.open_board(made.today)

    with made.installation.worker_resting():
        rosa.press("Match this day")
        rosa.is_told("The matcher starts in a moment")
        rosa.press("Stop, keep the best")
        expect(rosa.tab.get_by_role("button", name="Stop, keep the best")).to_have_count(0)

    rosa.sees_state(rosa.outbound(made.numbers[0], CLINIC), "open")
    expect(rosa.tab.get_by_role("button", name="Match this day")).to_be_enabled()


def test_a_will_call_is_ready_and_gets_a_driver(scene, signed_in, installation):
    made = scene({"minutes": 75})
    with installation.database.transaction() as session:
        ride = session.scalars(select(Ride).where(Ride.group_id == made.group_id)).one()
        ride.state = RideState.WILL_CALL
        ride.window_starts_at = ride.window_ends_at = None
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.open_board(made.today)
    rosa.open_ride(rosa.outbound(made.numbers[0], CLINIC))

    rosa.press("They are ready now")
    rosa.is_told("Ready. Run the matcher, or give the ride to a driver.")
    rosa.match(made.today)
    rosa.press("Approve", rosa.outbound(made.numbers[0], CLINIC))

    rosa.is_told("Approved. %(name)s is asked now.", name="Marta")


@pytest.mark.parametrize("language", [code for code in i18n.languages() if code != i18n.SOURCE])
def test_a_ride_is_asked_for_approved_and_driven_in_every_language(
    scene, signed_in, language, local_now
):
    made = scene({"hours": 5})
    rosa = signed_in(made, Coordinator, "Rosa", language)
    marta = signed_in(made, Driver, "Marta", language)
    number, soon = made.numbers[0], local_now + timedelta(minutes=75)
    rosa.begin_request(number, CLINIC, made.today, clock_of(soon))
    rosa.choose("Will-call")
    rosa.save_request(rides=2)

    rosa.match(made.today)
    rosa.press("Approve", rosa.outbound(number, CLINIC).first)
    rosa.is_told("Approved. %(name)s is asked now.", name="Marta")
    marta.accept(CLINIC)
    sees_the_door_for_a_while(marta, "48 Larch Row")
    marta.report("I have arrived")
    marta.report("They are on board")
    marta.report("Dropped off")

    rosa.open_board(made.today)
    alarm = rosa.tab.get_by_role("alert", name=rosa.word("Return without a driver"))
    expect(alarm).to_contain_text(number)


def test_a_ride_is_asked_for_approved_and_accepted_without_script(
    scene, browser, installation, local_now
):
    made = scene({"hours": 5})
    number, soon = made.numbers[0], local_now + timedelta(minutes=75)
    with ExitStack() as stack:
        plain = {"java_script_enabled": False}
        desk, phone = (
            stack.enter_context(tabs.opened(browser, installation.address, size=size, **plain))
            for size in (tabs.DESK, tabs.PHONE)
        )
        rosa, marta = Coordinator(desk), Driver(phone)
        made.sign_in(desk, "Rosa")
        made.sign_in(phone, "Marta")
        rosa.begin_request(number, CLINIC, made.today, clock_of(soon))
        rosa.save_request(rides=1)
        rosa.open_board(made.today)
        rosa.press("Match this day")
        approve = rosa.outbound(number, CLINIC).get_by_role("button", name="Approve")
        until_seen(rosa, approve, 2)
        approve.first.click()
        rosa.is_told("Approved. %(name)s is asked now.", name="Marta")
        marta.accept(CLINIC)
        marta.press("Show")
        expect(phone.locator(".shown .value")).to_contain_text("48 Larch Row")
        marta.follow("Hide")
        assert "48 Larch Row" not in phone.content()
