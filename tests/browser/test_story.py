"""The main job in Alder Bay, from a steward's first link to driven rides, on the demo's own data.

The demo is started as a newcomer starts it, and its accounts sign in with what it printed.
Nobody's clock is changed: the town lies where it is morning, and the rides of the story are near
enough to now for their addresses to be open. The families of the story want drivers who speak a
language that only its two drivers speak, so that nobody else of the town is proposed for them.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from dispatch.demo import settling, town
from tests.browser import tabs
from tests.browser.album import Album
from tests.browser.roles import Coordinator, Driver, Person, Steward, clock_of
from tests.browser.world import Installation

pytestmark = pytest.mark.needs("browser")

LANGUAGE = "Somali"
HOMES = {
    "Carmen": ("48 Larch Row", town.door("48 Larch Row")),
    "Amina": ("7 Bell Street", town.door("7 Bell Street")),
    "Hodan": ("5 Quay Street", town.door("5 Quay Street")),
    "Yusuf": ("12 Bark Lane", town.door("12 Bark Lane")),
}
CLINIC, COURT, SCHOOL = "Story Clinic", "Story Court", "Story School"
ASKED = re.compile(r"Approved(?: for both ways)?\. \w+ is asked now\.")


@dataclass
class Cast:
    """Everybody who plays, with a browser each, and when."""

    helena: Steward
    rosa: Coordinator
    dana: Coordinator
    ana: Coordinator
    ines: Coordinator
    hodan: Driver
    yusuf: Driver
    marta: Driver
    now: datetime
    """In the zone of the town, at the beginning."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def tomorrow(self) -> date:
        return self.today + timedelta(days=1)

    def wall(self, **ahead: int) -> str:
        """The wall time so long after the beginning."""
        return clock_of(self.now + timedelta(**ahead))


@pytest.fixture
def cast(browser: Browser, installation: Installation, album: Album) -> Iterator[Cast]:
    """The people of the story; those with accounts of the demo are signed in."""
    with ExitStack() as stack:

        def come(role: type[Person], language: str = "en") -> Person:
            size = tabs.PHONE if role is Driver else tabs.DESK
            tab = stack.enter_context(
                tabs.opened(browser, installation.address, size=size, locale=language)
            )
            return role(tab, language, album)

        cast = Cast(
            helena=come(Steward),
            rosa=come(Coordinator),
            dana=come(Coordinator),
            ana=come(Coordinator),
            ines=come(Coordinator, "es"),
            hodan=come(Driver),
            yusuf=come(Driver),
            marta=come(Driver, "es"),
            now=installation.local_now(settling.GROUP),
        )
        with_account = {
            "Helena": cast.helena,
            "Rosa": cast.rosa,
            "Inés": cast.ines,
            "Marta": cast.marta,
        }
        for name, somebody in with_account.items():
            somebody.sign_in(installation.email_of(name), installation.pass_phrase)
        yield cast


def test_the_requests_of_families_become_driven_rides(cast: Cast, album: Album):
    a_steward_makes_a_group_and_hands_out_links(cast)
    the_coordinator_enters_places_cars_and_families(cast)
    drivers_say_when_they_can_drive(cast)
    requests_of_every_kind_are_entered(cast)
    the_matcher_proposes(cast)
    one_and_several_are_approved(cast)
    of_two_who_approve_at_once_one_wins_and_the_other_is_told(cast)
    a_declined_ride_goes_to_another_driver_by_hand(cast)
    another_time_is_refused_with_the_reason(cast)
    drivers_accept_and_read_the_door_for_a_while(cast)
    an_address_is_closed_at_the_next_request_after_the_ride_is_taken_back(cast)
    all_of_tomorrow_are_approved(cast)
    the_rides_are_driven(cast)
    a_party_that_calls_gets_a_driver(cast)
    a_ride_is_cancelled(cast)
    the_same_day_in_spanish(cast)
    assert len(album.pictures) > 50


def a_steward_makes_a_group_and_hands_out_links(cast: Cast) -> None:
    helena = cast.helena
    helena.make_group("Heron Point Rides", cast.now.tzinfo.key)
    links = {"Ana": helena.invite("Coordinator", "Ana", "ana@example.org")}
    helena.open_group(settling.GROUP)
    # The day of this story is driven within minutes: its drivers are there hours early.
    helena.open_addresses_earlier(minutes=200)
    for role, name in [("Coordinator", "Dana"), ("Driver", "Hodan"), ("Driver", "Yusuf")]:
        links[name] = helena.invite(role, name, f"{name.lower()}@example.org")
    people = {"Ana": cast.ana, "Dana": cast.dana, "Hodan": cast.hodan, "Yusuf": cast.yusuf}
    for name, link in links.items():
        people[name].open_invitation(link)
    cast.ana.open_board(cast.today)
    cast.ana.is_told("No rides on this day.")
    cast.ana.keep("board-empty")


def the_coordinator_enters_places_cars_and_families(cast: Cast) -> None:
    rosa = cast.rosa
    rosa.type_place(CLINIC, "Clinic", town.door("30 Quay Street"))
    rosa.type_place(COURT, "Court", town.door("6 Court Street"))
    rosa.pin_place(SCHOOL, "School", near=town.door("14 Guild Street"))
    rosa.enter_car("Hodan", "blue Honda", *HOMES["Hodan"], speaks=LANGUAGE)
    rosa.enter_car("Yusuf", "grey Toyota", *HOMES["Yusuf"], speaks=LANGUAGE)
    rosa.enter_family("F901", "Carmen", *HOMES["Carmen"], speaks=LANGUAGE, adults=2)
    rosa.enter_family("F902", "Amina", *HOMES["Amina"], speaks=LANGUAGE)
    rosa.enter_family_without_home("F903", "Nadia", SCHOOL, speaks=LANGUAGE)


def drivers_say_when_they_can_drive(cast: Cast) -> None:
    cast.hodan.change_car("green Honda")
    cast.hodan.offer_week("06:00", "22:00")
    cast.hodan.offer_only(cast.today, "06:00", cast.wall(hours=5))
    cast.yusuf.offer_week(cast.wall(hours=4), "22:00")


def requests_of_every_kind_are_entered(cast: Cast) -> None:
    rosa = cast.rosa
    rosa.begin_request("F901", CLINIC, cast.today, cast.wall(minutes=75))
    rosa.choose("Fixed time")
    rosa.field("Leave again at").fill(cast.wall(minutes=75 + 120))
    rosa.save_request(rides=2)
    rosa.begin_request("F903", COURT, cast.today, cast.wall(minutes=120))
    rosa.choose("Will-call")
    rosa.save_request(rides=2)
    rosa.begin_request("F902", CLINIC, cast.today, cast.wall(minutes=170))
    rosa.save_request(rides=1)
    rosa.begin_request("F902", COURT, cast.today, cast.wall(hours=6))
    rosa.choose("Driver waits")
    rosa.save_request(rides=2)
    rosa.begin_request("F902", CLINIC, cast.tomorrow, "11:00")
    rosa.tick_weekly(
        cast.tomorrow,
        until=cast.tomorrow + timedelta(days=21),
        but=cast.tomorrow + timedelta(days=7),
    )
    rosa.save_request(rides=3)
    rosa.begin_request("F903", CLINIC, cast.today, cast.wall(hours=6))
    rosa.tab.get_by_label("Wheelchair, stays in it during the ride").check()
    rosa.save_request(rides=1)


def the_matcher_proposes(cast: Cast) -> None:
    rosa = cast.rosa
    rosa.match(cast.today)
    rosa.keep("board-proposed")
    ours = rosa.tab.locator("#list .ride.is-proposed").filter(has_text=re.compile(r"F90\d"))
    expect(ours).to_have_count(6)
    nobodys = rosa.row("F903", CLINIC)
    rosa.sees_state(nobodys, "unserved")
    expect(nobodys.locator(".why")).not_to_be_empty()


def one_and_several_are_approved(cast: Cast) -> None:
    """The way back of the first is left for later."""
    rosa = cast.rosa
    way_out = rosa.outbound("F901", CLINIC)
    rosa.press("Approve", way_out)
    rosa.is_told("Approved. %(name)s is asked now.", name="Hodan")
    rosa.sees_state(way_out, "offered")
    rosa.keep("board-approved")
    for number, place in [("F903", COURT), ("F902", COURT), ("F902", CLINIC)]:
        rosa.outbound(number, place).get_by_role("checkbox").check()
    expect(rosa.tab.get_by_text("3 selected")).to_be_visible()
    rosa.keep("board-selected")
    rosa.press("Approve", rosa.tab.locator(".bulk"))
    expect(rosa.tab.get_by_text("4 rides approved, their drivers are asked now.")).to_be_visible()


def of_two_who_approve_at_once_one_wins_and_the_other_is_told(cast: Cast) -> None:
    """Over the last ride of the day that the matcher proposes of the town's other families."""
    both = (cast.rosa, cast.dana)
    for one in both:
        one.open_board(cast.today)
    proposed = cast.rosa.tab.locator("#list .ride.is-proposed")
    # A way back whose driver waits is approved with the way there.
    offered = proposed.filter(has=cast.rosa.tab.get_by_role("button", name="Approve"))
    ride = offered.filter(has_not_text=re.compile(r"F90\d")).last.get_attribute("data-ride")

    for one in both:
        row = one.tab.locator(f"#list .ride[data-ride='{ride}']")
        row.get_by_role("button", name="Approve").click(no_wait_after=True)

    lost = re.compile(r"approved this .* ago\. Nothing of yours changed|Somebody else gave this")
    told = [said(one, ASKED, lost) for one in both]
    assert sorted(bool(ASKED.search(sentence)) for sentence in told) == [False, True]
    loser = both[[bool(ASKED.search(sentence)) for sentence in told].index(False)]
    loser.keep("board-too-late")
    loser.open_board(cast.today)
    loser.sees_state(loser.tab.locator(f"#list .ride[data-ride='{ride}']"), "offered")


def said(person: Person, *sentences: re.Pattern[str]) -> str:
    """The one of these sentences that stands on the person's page."""
    either = re.compile("|".join(one.pattern for one in sentences))
    found = person.tab.get_by_text(either).first
    expect(found).to_be_visible()
    return found.inner_text()


def a_declined_ride_goes_to_another_driver_by_hand(cast: Cast) -> None:
    """Refused while she is away; then she is asked. Of who declined the page says so."""
    rosa, hodan = cast.rosa, cast.hodan
    cast.yusuf.decline(COURT)
    hodan.offer_only(cast.today, "06:00", "22:00")
    rosa.open_board(cast.today)
    rosa.choose_driver(rosa.outbound("F902", COURT), "Hodan")
    declined = rosa.tab.locator("label.option").filter(has_text="Yusuf")
    expect(declined).to_contain_text("You may ask once more.")
    expect(rosa.card("Drivers who cannot, and why")).to_contain_text("Marta")
    hodan.be_away(cast.today)
    rosa.press("Ask this driver")
    expect(rosa.tab.locator("#errors")).to_contain_text("does not offer enough time")
    rosa.keep("choose-driver-refused")
    hodan.be_back()
    give(cast, rosa.outbound("F902", COURT), "Hodan")


def give(cast: Cast, row: Locator, name: str) -> None:
    """Rosa gives the ride of a row of today to somebody by hand."""
    cast.rosa.open_board(cast.today)
    cast.rosa.choose_driver(row, name)
    cast.rosa.press("Ask this driver")
    cast.rosa.is_told("%(name)s is asked now.", name=name)


def another_time_is_refused_with_the_reason(cast: Cast) -> None:
    rosa = cast.rosa
    rosa.open_board(cast.today)
    rosa.open_ride(rosa.row("F903", CLINIC))
    other = rosa.card("Another time")
    rosa.field("Not before", other).fill("00:05")
    rosa.field("Not after", other).fill("00:30")
    rosa.press("Change the time", other)
    rosa.is_told("This time has passed already.")
    rosa.keep("ride-time-refused")
    rosa.open_board(cast.today)
    rosa.sees_state(rosa.row("F903", CLINIC), "unserved")


def drivers_accept_and_read_the_door_for_a_while(cast: Cast) -> None:
    """Near addresses are open, far ones say when they open; the families get to know."""
    hodan = cast.hodan
    for place in (CLINIC, CLINIC, COURT, COURT):
        hodan.accept(place)
    opens_later = hodan.tab.get_by_text(re.compile("Opens about .*Each look is logged"))
    expect(opens_later.first).to_be_visible()
    cast.rosa.tab.goto("/messages")
    expect(cast.rosa.card("F901")).to_contain_text("They know now")
    cast.rosa.keep("messages")
    hodan.sees_the_door_for_a_while("48 Larch Row")


def an_address_is_closed_at_the_next_request_after_the_ride_is_taken_back(cast: Cast) -> None:
    rosa, hodan = cast.rosa, cast.hodan
    rosa.open_board(cast.today)
    rosa.take_back(rosa.outbound("F901", CLINIC))
    hodan.press("Show")
    hodan.is_told("There is nothing here, or it is not yours to see.")
    assert "48 Larch Row" not in hodan.tab.content()
    hodan.tab.goto("/today")
    hodan.is_told("Not yours any more")
    hodan.keep("today-taken-back")
    hodan.press("I know")
    hodan.is_told("Thank you. The desk need not call you about it.")
    rosa.tab.goto("/families")
    rosa.follow("F901")
    looks = rosa.card("Who saw what")
    expect(looks).to_contain_text("Hodan, driver")
    rosa.keep("family-looks")
    give(cast, rosa.outbound("F901", CLINIC), "Hodan")
    hodan.accept(CLINIC)


def all_of_tomorrow_are_approved(cast: Cast) -> None:
    rosa = cast.rosa
    rosa.match(cast.tomorrow)
    rosa.sees_state(rosa.outbound("F902", CLINIC), "proposed")
    proposed = rosa.tab.locator("#list .ride.is-proposed")
    number = proposed.count()
    rosa.tab.get_by_label("Select all proposals").check()
    rosa.press("Approve", rosa.tab.locator(".bulk"))
    expect(
        rosa.tab.get_by_text(f"{number} rides approved, their drivers are asked")
    ).to_be_visible()
    expect(proposed).to_have_count(0)
    rosa.keep("board-all-approved")


def the_rides_are_driven(cast: Cast) -> None:
    """The board knows each step and misses a driver for a way back; nobody is missed too early."""
    rosa, hodan = cast.rosa, cast.hodan
    hodan.tab.goto("/today")
    drives = [
        ("I have arrived", "arrived"),
        ("They are on board", "onboard"),
        ("Dropped off", "done"),
    ]
    for number, place in [("F901", CLINIC), ("F903", COURT)]:
        for step, state in drives:
            hodan.report(step)
            rosa.open_board(cast.today)
            rosa.sees_state(rosa.outbound(number, place), state)
        alarm = rosa.tab.get_by_role("alert", name=re.compile("eturns? without a driver"))
        expect(alarm).to_contain_text(f"{number} was brought to {place}")
    rosa.keep("board-alarm")
    hodan.report("I have arrived")
    hodan.tab.get_by_text("Nobody came?").click()
    hodan.keep("today-nobody-came")
    expect(hodan.tab.get_by_text("once the promised time is there")).to_be_visible()
    expect(hodan.tab.get_by_role("button", name="Nobody came")).to_have_count(0)
    for step, _state in drives[1:]:
        hodan.report(step)
    rosa.open_board(cast.today)
    rosa.sees_state(rosa.outbound("F902", CLINIC), "done")


def a_party_that_calls_gets_a_driver(cast: Cast) -> None:
    rosa = cast.rosa
    rosa.open_ride(rosa.outbound("F903", SCHOOL))
    rosa.press("They are ready now")
    rosa.is_told("Ready. The matcher looks for a driver now; you can also choose one.")
    rosa.match(cast.today)
    back = rosa.outbound("F903", SCHOOL)
    rosa.press("Approve", back)
    rosa.is_told("Approved. %(name)s is asked now.", name="Hodan")
    rosa.sees_state(back, "offered")


def a_ride_is_cancelled(cast: Cast) -> None:
    """With the way back of the driver who would have waited."""
    rosa = cast.rosa
    rosa.open_board(cast.today)
    rosa.open_ride(rosa.outbound("F902", COURT))
    rosa.keep("ride-to-cancel")
    rosa.card("Cancel").get_by_role("button").click()
    rosa.is_told("Cancelled. Whoever was to come is told.")
    rosa.open_board(cast.today)
    rosa.sees_state(rosa.row("F902", COURT).first, "cancelled")
    rosa.sees_state(rosa.row("F902", COURT).last, "cancelled")
    cast.hodan.tab.goto("/today")
    cast.hodan.is_told("Nothing today. Enjoy it.")
    cast.hodan.keep("today-nothing")


def the_same_day_in_spanish(cast: Cast) -> None:
    """Two accounts of the demo read Spanish: the desk, and a driver with rides of today."""
    ines, marta = cast.ines, cast.marta
    for path, name in [
        (f"/board?day={cast.today}", "board"),
        (f"/board/week?day={cast.today}", "week"),
        (f"/board/print?day={cast.today}", "day-sheet"),
        ("/families", "families"),
        ("/messages", "messages"),
    ]:
        ines.tab.goto(path)
        expect(ines.tab.locator("html")).to_have_attribute("lang", "es")
        ines.keep(name)
    for path, name in [("/today", "today"), ("/offers", "offers"), ("/availability", "times")]:
        marta.tab.goto(path)
        expect(marta.tab.locator("html")).to_have_attribute("lang", "es")
        marta.keep(name)
    expect(ines.tab.locator("main")).to_contain_text("Hodan")
