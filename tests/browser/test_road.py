"""A driver on the road in trouble: two touches, and the desk, and the family, see it."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dispatch import clock
from dispatch.people.facts import Claims
from dispatch.people.models import Group
from dispatch.planning.models import Assignment
from dispatch.rides.models import Anchor, Leg, Ride
from tests.browser.roles import Coordinator, Driver
from tests.browser.scene import CLINIC, DOOR, Scene
from tests.build import a_ride

pytestmark = pytest.mark.needs("browser")


def its_minute_comes(made: Scene) -> None:
    """The promised pickup was a minute ago."""
    with made.installation.database.transaction() as session:
        held = session.scalars(
            select(Assignment)
            .join(Ride, Assignment.ride_id == Ride.id)
            .where(Ride.group_id == made.group_id)
        ).one()
        held.pickup_at = clock.now() - timedelta(minutes=1)


def test_two_touches_and_the_board_shows_it_by_itself(on_the_road):
    made, rosa, marta = on_the_road.scene, on_the_road.rosa, on_the_road.marta
    rosa.open_board(made.today)
    marta.tab.get_by_text("Problem?").click()
    marta.keep("today-problem")
    marta.press("20 min late")
    expect(marta.tab.get_by_text("The desk knows: 20 min late")).to_be_visible()
    told = rosa.tab.get_by_role("alert", name=re.compile("Problem on the road"))
    expect(told).to_contain_text("the driver is about 20 minutes late", timeout=15_000)
    expect(rosa.outbound(made.numbers[0], CLINIC).first).to_contain_text("Late 20 min")
    rosa.keep("board-problem")
    rosa.press("I am on it", told)
    expect(told).to_have_count(0)
    expect(rosa.outbound(made.numbers[0], CLINIC).first).to_contain_text("Late 20 min")


def test_a_problem_in_a_dead_spot_waits_and_is_told_once(on_the_road):
    made, rosa, marta = on_the_road.scene, on_the_road.rosa, on_the_road.marta
    marta.tab.context.set_offline(True)
    marta.tab.goto("/today")
    marta.tab.locator("summary:visible", has_text="Problem?").click()
    marta.keep("today-offline-problem")
    marta.tab.get_by_role("button", name="Car trouble").click()
    expect(marta.tab.get_by_text("Problem: will be sent")).to_be_visible()
    marta.tab.context.set_offline(False)
    expect(marta.tab.get_by_text("The desk knows: Car trouble")).to_be_visible()
    rosa.open_board(made.today)
    told = rosa.tab.get_by_role("alert", name=re.compile("Problem on the road"))
    expect(told.get_by_role("listitem")).to_have_count(1)
    expect(told).to_contain_text("the driver has trouble with the car.")


def test_nobody_came_and_the_board_knows_why(on_the_road):
    made, rosa, marta = on_the_road.scene, on_the_road.rosa, on_the_road.marta
    its_minute_comes(made)
    marta.report("I have arrived")
    marta.tab.get_by_text("Nobody came?").click()
    marta.keep("today-no-show")
    marta.report("They cancelled at the door")
    rosa.open_board(made.today)
    row = rosa.outbound(made.numbers[0], CLINIC).first
    rosa.sees_state(row, "noshow")
    rosa.open_ride(row)
    expect(rosa.tab.get_by_text("They cancelled at the door")).to_be_visible()


def test_a_ride_given_back_is_offered_to_the_next_best_with_one_button(scene, signed_in):
    """On a Spanish board; who said no is not among them."""
    made = scene({"minutes": 90}, drivers=("Marta", "Yusuf"))
    rosa = signed_in(made, Coordinator, "Rosa", "es")
    phones = {name: signed_in(made, Driver, name) for name in ("Marta", "Yusuf")}
    rosa.match(made.today)
    rosa.press("Approve", rosa.outbound(made.numbers[0], CLINIC).first)
    asked = next(name for name in phones if _is_asked(phones[name]))
    other = next(name for name in phones if name != asked)
    phones[asked].decline(CLINIC)
    title = rosa.words("One ride has lost its driver", "%(num)s rides have lost their driver", 1)
    card = rosa.tab.get_by_role("alert", name=title)
    expect(card).to_be_visible(timeout=15_000)
    button = card.get_by_role("button", name=rosa.word("Ask %(name)s", name=other))
    expect(button).to_be_visible()
    expect(card.get_by_role("button", name=rosa.word("Ask %(name)s", name=asked))).to_have_count(0)
    rosa.keep("board-lost")
    button.click()
    expect(card).to_have_count(0)
    phones[other].accept(CLINIC)


def _is_asked(driver: Driver) -> bool:
    driver.tab.goto("/offers")
    return driver.tab.get_by_role("link", name="Look at it").count() > 0


def test_of_two_who_take_a_way_back_at_once_one_has_it(scene, signed_in):
    made = scene({"minutes": 60}, drivers=("Marta", "Yusuf"))
    with made.installation.database.transaction() as session:
        session.get_one(Group, made.group_id).claims = Claims.TAKE
        ride = session.scalars(select(Ride).where(Ride.group_id == made.group_id)).one()
        leaves = ride.window_ends_at + timedelta(hours=1)
        a_ride(
            session,
            session.get_one(Group, made.group_id),
            family=ride.family,
            request=ride.request,
            leg=Leg.RETURN,
            anchor=Anchor.LEAVE_AT,
            outbound=ride,
            service_on=ride.service_on,
            pickup_place=ride.dropoff_place,
            dropoff_place=ride.pickup_place,
            window_starts_at=leaves,
            window_ends_at=leaves + timedelta(hours=1),
        )
    marta, yusuf = (signed_in(made, Driver, name) for name in ("Marta", "Yusuf"))
    for driver in (marta, yusuf):
        driver.tab.goto("/offers")
        driver.keep("offers-open")
        driver.follow("Look at it")
    marta.press("I can do this one")
    marta.is_told("It is yours. The family is told that you come.")
    yusuf.press("I can do this one")
    yusuf.is_told("Somebody else took this ride. Thank you for answering.")
    yusuf.keep("offers-too-late")
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.open_board(made.today)
    expect(rosa.tab.locator("#list .ride.is-accepted")).to_contain_text("Marta")


def test_the_way_is_handed_to_a_map_app_after_a_warning_and_for_a_minute(on_the_road):
    made, marta = on_the_road.scene, Driver(on_the_road.marta.tab, "es", on_the_road.marta.album)
    with made.installation.database.transaction() as session:
        session.get_one(Group, made.group_id).lets_navigate = True
    marta.speak()
    marta.tab.goto("/today")
    strip = marta.tab.locator("form.sealed", has_text=marta.word("Way in a map app"))
    strip.get_by_role("button").click()
    shown = marta.tab.locator("[data-shown]")
    expect(shown).to_contain_text("La app que abra conoce este lugar")
    link = shown.get_by_role("link", name="Waze")
    assert unquote(link.get_attribute("href")).startswith(f"waze://?q={DOOR}")
    marta.keep("today-map-app")
    marta.follow("Hide")
    expect(strip).to_be_visible()
    assert "waze:" not in marta.tab.content()
