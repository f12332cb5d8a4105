"""What each role does in the pages, as verbs, by the words that stand on them.

The words are looked up in the language that the person reads, so that the same hands play in
every language that there is.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from playwright.sync_api import Locator, Page, expect

from dispatch import i18n
from dispatch.i18n import gettext, ngettext

PASSWORD = "four plain words together"  # noqa: S105 - of people who are made up
LONGEST_RUN = 90_000
"""Milliseconds for a match run: the solver's own limit, and a machine that is busy otherwise."""


@dataclass
class Person:
    """Somebody with a browser."""

    tab: Page
    language: str = i18n.SOURCE

    def word(self, english: str, **values: object) -> str:
        """What `english` is in this person's language."""
        with i18n.speaking(self.language):
            return gettext(english, **values)

    def words(self, one: str, many: str, number: int) -> str:
        """The same for a number of things."""
        with i18n.speaking(self.language):
            return ngettext(one, many, number)

    def press(self, english: str, within: Locator | None = None) -> None:
        """Press the button that says so."""
        (within or self.tab).get_by_role("button", name=self.word(english)).first.click()

    def follow(self, english: str, within: Locator | None = None) -> None:
        """Follow the link that says so."""
        (within or self.tab).get_by_role("link", name=self.word(english)).first.click()

    def field(self, english: str, within: Locator | None = None, **values: object) -> Locator:
        """The field with this label; what says "optional" beside it is part of the label."""
        label = re.escape(self.word(english, **values))
        more = re.escape(self.word("optional"))
        return (within or self.tab).get_by_label(re.compile(f"^{label}( {more})?$"))

    def choose(self, english: str) -> None:
        """Choose the one of several cards whose words begin so."""
        name = re.compile(f"^{re.escape(self.word(english))}")
        self.tab.get_by_role("radio", name=name).check()

    def is_told(self, english: str, **values: object) -> None:
        """See the sentence somewhere on the page."""
        expect(self.tab.get_by_text(self.word(english, **values)).first).to_be_visible()

    def card(self, english: str, **values: object) -> Locator:
        """The part of the page with this heading."""
        return self.tab.get_by_role("region", name=self.word(english, **values))

    def open_invitation(self, link: str) -> None:
        """Choose a password, and be in."""
        self.tab.goto(link)
        self.field("New password").fill(PASSWORD)
        self.field("The same again").fill(PASSWORD)
        self.press("Open my account")
        self.is_told("Welcome. Next time you sign in with your e-mail and this password.")

    def sign_in(self, email: str) -> None:
        """Come in by the door."""
        self.tab.goto("/signin")
        self.field("E-mail").fill(email)
        self.field("Password").fill(PASSWORD)
        self.press("Sign in")
        expect(self.tab).not_to_have_url(re.compile("/signin"))


class Steward(Person):
    """Keeps groups and accounts."""

    def make_group(self, name: str, zone: str) -> None:
        """A group that drives in the time zone `zone`."""
        self.tab.goto("/groups")
        self.follow("New group")
        self.field("Name").fill(name)
        self.field("Time zone").select_option(zone)
        self.field("Phone of the desk").fill("604-555-0100")
        self.press("Make the group")
        self.is_told("%(group)s is made. Invite its coordinators next.", group=name)

    def invite(self, role: str, name: str, email: str) -> str:
        """The link for a new member of the group whose page is open."""
        self.follow("Invite somebody")
        self.choose(role)
        self.field("Name").fill(name)
        self.field("E-mail").fill(email)
        self.press("Make the link")
        link = self.field("Link").input_value()
        self.follow("Done")
        return link


class Coordinator(Person):
    """Asks for rides, approves who drives, handles the day."""

    def type_place(self, name: str, kind: str, point: tuple[float, float]) -> None:
        """A public place, by its coordinates."""
        self.tab.goto("/places/new")
        self.field("Name").fill(name)
        self.field("Kind").select_option(label=self.word(kind))
        self.field("Latitude").fill(str(point[0]))
        self.field("Longitude").fill(str(point[1]))
        self.press("Save place")
        expect(self.tab).to_have_url(re.compile("/places$|/places[?]"))

    def pin_place(self, name: str, kind: str) -> None:
        """A public place, by a pin in the map."""
        self.tab.goto("/places/new")
        self.field("Name").fill(name)
        self.field("Kind").select_option(label=self.word(kind))
        self.tab.locator(".map").click(position={"x": 300, "y": 120})
        expect(self.field("Latitude")).not_to_have_value("")
        self.press("Save place")
        expect(self.tab).to_have_url(re.compile("/places$|/places[?]"))

    def enter_car(self, name: str, car: str, line: str, point: tuple[float, float]) -> None:
        """The car of a driver who was invited already."""
        self.tab.goto("/drivers")
        self.tab.get_by_role("link", name=re.compile(f": {name}$")).click()
        self.field("Car").fill(car)
        self._address(line, point)
        self.press("Save driver")
        self.is_told("Saved.")

    def begin_family(self, number: str, name: str, adults: int = 1) -> None:
        """What every family has."""
        self.tab.goto("/families/new")
        self.field("Number").fill(number)
        self.field("First name").fill(name)
        self.field("Adults").fill(str(adults))

    def enter_family(
        self, number: str, name: str, line: str, point: tuple[float, float], *, adults: int = 1
    ) -> None:
        """A family with a home."""
        self.begin_family(number, name, adults)
        self._address(line, point)
        self.press("Save family")
        self._sees(self.word("Family %(number)s", number=number))

    def enter_family_without_home(self, number: str, name: str, meeting_point: str) -> None:
        """A family whose rides begin at a public place."""
        self.begin_family(number, name)
        self.choose("A meeting point instead")
        self.field("Meeting point").select_option(label=meeting_point)
        self.press("Save family")
        self._sees(self.word("Family %(number)s", number=number))

    def begin_request(self, number: str, dropoff: str, day: date, at: str) -> None:
        """A request of a family that is known by its number, there by `at`."""
        self.tab.goto("/requests/new")
        self.tab.get_by_label(self.word("Number"), exact=True).fill(number)
        self.press("Fill in what is known")
        expect(self.field("Pickup")).not_to_have_value("")
        self.field("Drop-off").fill(dropoff)
        self.field("Day").fill(day.isoformat())
        self.field("Time").fill(at)

    def save_request(self, rides: int) -> None:
        """Save it, and see that it became so many rides."""
        self.press("Save request")
        saved = self.words("Saved: one ride.", "Saved: %(num)s rides.", rides)
        expect(self.tab.get_by_text(saved)).to_be_visible()

    def open_board(self, day: date) -> None:
        """The board of a day."""
        self.tab.goto(f"/board?day={day.isoformat()}")

    def match(self, day: date) -> None:
        """Run the matcher over a day, and see it end."""
        self.open_board(day)
        self.press("Match this day")
        run = self.card("Match run")
        expect(run.get_by_role("button", name=self.word("Stop, keep the best"))).to_be_visible()
        expect(run.locator(".busy")).to_have_count(0, timeout=LONGEST_RUN)

    def row(self, number: str, place: str) -> Locator:
        """The ride of a family to or from a place, in the list."""
        rows = self.tab.locator("#list .ride").filter(has_text=number)
        return rows.filter(has=self.tab.locator(".way", has_text=place))

    def outbound(self, number: str, place: str) -> Locator:
        """The ride of a family to a place, in the list."""
        to = self.tab.locator(".way", has_text=re.compile(f"{re.escape(place)}\\s*$"))
        return self.tab.locator("#list .ride").filter(has_text=number).filter(has=to)

    def sees_state(self, row: Locator, state: str) -> None:
        """See the ride of `row` in the state with this name."""
        expect(row).to_have_class(re.compile(rf"\bis-{state}\b"))

    def open_ride(self, row: Locator) -> None:
        """The record of the ride of a row."""
        ride = row.get_attribute("data-ride")
        self.tab.goto(f"/rides/{ride}")

    def _address(self, line: str, point: tuple[float, float]) -> None:
        self.field("Number and street").first.fill(line)
        self.field("Latitude").first.fill(str(point[0]))
        self.field("Longitude").first.fill(str(point[1]))

    def _sees(self, heading: str) -> None:
        expect(self.tab.get_by_role("heading", level=1, name=heading)).to_be_visible()


class Driver(Person):
    """Offers time and a car, by telephone."""

    def change_car(self, car: str) -> None:
        """Correct what stands in the own record."""
        self.tab.goto("/availability")
        self.follow("My car and limits")
        self.follow("Edit")
        self.field("Car").fill(car)
        self.press("Save")
        self.is_told("Saved.")

    def offer_week(self, since: str, until: str) -> None:
        """The same hours on every day of the week."""
        self.tab.goto("/availability")
        for weekday in range(7):
            self.tab.locator(f"[name=w{weekday}-from-0]").fill(since)
            self.tab.locator(f"[name=w{weekday}-to-0]").fill(until)
        self.press("Save the week")
        self.is_told("Saved.")

    def be_away(self, day: date) -> None:
        """Offer nothing on a day."""
        self.tab.goto("/availability")
        self.field("First day").fill(day.isoformat())
        self.press("Add days off")
        self.is_told("Saved.")

    def be_back(self) -> None:
        """Take the day off back."""
        self.tab.goto("/availability")
        self.press("Take back")
        self.is_told("Saved.")

    def open_offer(self, place: str) -> None:
        """The offer of a ride to a place."""
        self.tab.goto("/offers")
        offer = self.tab.locator(".ride").filter(has_text=place)
        self.follow("Look at it", offer)
        expect(
            self.tab.get_by_role("heading", level=1, name=self.word("Can you drive this?"))
        ).to_be_visible()

    def accept(self, place: str) -> None:
        """Say yes to a ride to a place."""
        self.open_offer(place)
        self.press("Yes, I drive")
        self.is_told("Thank you. The family is told that you come.")

    def decline(self, place: str) -> None:
        """Say no."""
        self.open_offer(place)
        self.press("Not this one")
        self.is_told("Thank you for saying so. Somebody else will be asked.")

    def report(self, step: str) -> None:
        """Say how the next ride goes."""
        self.press(step)
        self.is_told("Saved.")


def clock_of(instant: datetime) -> str:
    """The wall time that stands in a field."""
    return instant.strftime("%H:%M")
