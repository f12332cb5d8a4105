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
from tests.browser.album import Album

PASSWORD = "four plain words together"  # noqa: S105 - of people who are made up
LONGEST_RUN = 90_000
"""Milliseconds for a match run: the solver's own limit, and a machine that is busy otherwise."""


@dataclass
class Person:
    """Somebody with a browser."""

    tab: Page
    language: str = i18n.SOURCE
    album: Album | None = None
    """Where pictures are kept of the pages that this person comes by, if somebody keeps them."""

    def keep(self, name: str) -> None:
        """Keep a picture of the page as it is now."""
        if self.album is not None:
            role = type(self).__name__.lower()
            self.album.keep(self.tab, f"{role}-{name}-{self.language}")

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

    def speak(self) -> None:
        """Choose the own language for all pages."""
        self.tab.goto("/me")
        self.tab.locator(f"button[name=language][value={self.language}]").click()
        self.tab.locator(f"html[lang={self.language}]").wait_for()
        self.keep("me")

    def open_invitation(self, link: str) -> None:
        """Choose a password, and be in."""
        self.tab.goto(link)
        self.field("New password").fill(PASSWORD)
        self.field("The same again").fill(PASSWORD)
        self.keep("invitation")
        self.press("Open my account")
        self.is_told("Welcome. Next time you sign in with your e-mail and this password.")
        self.keep("welcome")

    def sign_in(self, email: str, password: str) -> None:
        """Come in by the door."""
        self.tab.goto("/signin")
        self.field("E-mail").fill(email)
        self.field("Password").fill(password)
        self.keep("signin")
        self.press("Sign in")
        expect(self.tab).not_to_have_url(re.compile("/signin"))

    def _sees(self, heading: str) -> None:
        expect(self.tab.get_by_role("heading", level=1, name=heading)).to_be_visible()


class Steward(Person):
    """Keeps groups and accounts."""

    def make_group(self, name: str, zone: str) -> None:
        """A group that drives in the time zone `zone`."""
        self.tab.goto("/groups")
        self.keep("groups")
        self.follow("New group")
        self.field("Name").fill(name)
        self.field("Time zone").select_option(zone)
        self.field("Phone of the desk").fill("604-555-0100")
        self.keep("group-form")
        self.press("Make the group")
        self.is_told("%(group)s is made. Invite its coordinators next.", group=name)
        self.keep("group-made")

    def open_group(self, name: str) -> None:
        """The page of a group that is there."""
        self.tab.goto("/groups")
        self.tab.get_by_role("link", name=name).click()
        self._sees(name)
        self.keep("group")

    def open_addresses_earlier(self, *, minutes: int) -> None:
        """Let the drivers of the group that is open read an address so long before the pickup."""
        self.field("Minutes before the pickup").fill(str(minutes))
        self.press("Save")
        self.is_told("Saved.")

    def invite(self, role: str, name: str, email: str) -> str:
        """The link for a new member of the group whose page is open."""
        self.follow("Invite somebody")
        self.choose(role)
        self.field("Name").fill(name)
        self.field("E-mail").fill(email)
        self.keep("invite-form")
        self.press("Make the link")
        link = self.field("Link").input_value()
        self.keep("invite-link")
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
        self.keep("places")

    def pin_place(self, name: str, kind: str, near: tuple[float, float]) -> None:
        """A public place, by a pin in the map, which is moved `near` a point first."""
        self.tab.goto("/places/new")
        self.field("Name").fill(name)
        self.field("Kind").select_option(label=self.word(kind))
        self.field("Latitude").fill(str(near[0]))
        self.field("Longitude").fill(str(near[1]))
        self.field("Longitude").blur()
        expect(self.tab.locator(".map .pin")).to_be_visible()
        box = self.tab.locator(".map").bounding_box()
        self.tab.locator(".map").click(
            position={"x": box["width"] * 0.52, "y": box["height"] * 0.42}
        )
        expect(self.field("Latitude")).not_to_have_value(str(near[0]))
        self.keep("place-form")
        self.press("Save place")
        expect(self.tab).to_have_url(re.compile("/places$|/places[?]"))

    def enter_car(
        self, name: str, car: str, line: str, point: tuple[float, float], *, speaks: str
    ) -> None:
        """The car of a driver who was invited already, and what the driver speaks."""
        self.tab.goto("/drivers")
        self.keep("drivers")
        self.tab.get_by_role("link", name=re.compile(f": {name}$")).click()
        self.field("Car").fill(car)
        self.tab.get_by_role("checkbox", name=self.word(speaks)).check()
        self._address(line, point)
        self.keep("driver-form")
        self.press("Save driver")
        self.is_told("Saved.")
        self.keep("driver")

    def begin_family(self, number: str, name: str, speaks: str) -> None:
        """What every family has; this one wants a driver who speaks as it does."""
        self.tab.goto("/families/new")
        self.field("Number").fill(number)
        self.field("First name").fill(name)
        self.field("Language").select_option(label=self.word(speaks))
        self.tab.get_by_label(self.word("The driver has to speak it")).check()

    def enter_family(
        self,
        number: str,
        name: str,
        line: str,
        point: tuple[float, float],
        *,
        speaks: str,
        adults: int = 1,
    ) -> None:
        """A family with a home."""
        self.begin_family(number, name, speaks)
        self.field("Adults").fill(str(adults))
        self._address(line, point)
        self.keep("family-form")
        self.press("Save family")
        self._sees(self.word("Family %(number)s", number=number))
        self.keep("family")

    def enter_family_without_home(
        self, number: str, name: str, meeting_point: str, *, speaks: str
    ) -> None:
        """A family whose rides begin at a public place."""
        self.begin_family(number, name, speaks)
        self.choose("A meeting point instead")
        self.field("Meeting point").select_option(label=meeting_point)
        self.keep("family-form-meeting-point")
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
        self.keep(f"request-form-{rides}")
        self.press("Save request")
        saved = self.words("Saved: one ride.", "Saved: %(num)s rides.", rides)
        expect(self.tab.get_by_text(saved)).to_be_visible()
        self.keep(f"request-{rides}")

    def open_board(self, day: date) -> None:
        """The board of a day."""
        self.tab.goto(f"/board?day={day.isoformat()}")

    def start_matcher(self, day: date) -> Locator:
        """Start the matcher over a day, as soon as no other run of that day goes on; its card."""
        self.open_board(day)
        run = self.card("Match run")
        expect(run.locator(".busy")).to_have_count(0, timeout=LONGEST_RUN)
        with self.tab.expect_navigation():
            self.press("Match this day")
        return run

    def match(self, day: date) -> None:
        """Run the matcher over a day, and see it end."""
        run = self.start_matcher(day)
        expect(run.locator(".busy")).to_have_count(0, timeout=LONGEST_RUN)
        expect(run).to_contain_text(re.compile(self.word("Ended at %(time)s.", time=".+")))

    def choose_driver(self, row: Locator, name: str) -> None:
        """Give the ride of a row to somebody by hand, as far as the button."""
        self.open_ride(row)
        self.follow("Choose a driver")
        self.choose(name)
        self.keep("choose-driver")

    def take_back(self, row: Locator) -> None:
        """Take the ride of a row from its driver."""
        self.open_ride(row)
        self.press("Take back")
        self.is_told(
            "Taken back. The address is closed, the driver is told, the ride is open again."
        )

    def tick_weekly(self, day: date, *, until: date, but: date) -> None:
        """Let the request that is being written repeat every week, with an exception."""
        self.tab.get_by_text(self.word("Repeat every week")).click()
        self.tab.get_by_role("checkbox", name=day.strftime("%a")).check()
        self.field("Until").fill(until.isoformat())
        self.tab.get_by_label("Day without a ride, 1").fill(but.isoformat())

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
        self.keep("ride")

    def _address(self, line: str, point: tuple[float, float]) -> None:
        self.field("Number and street").first.fill(line)
        self.field("Latitude").first.fill(str(point[0]))
        self.field("Longitude").first.fill(str(point[1]))


class Driver(Person):
    """Offers time and a car, by telephone."""

    def change_car(self, car: str) -> None:
        """Correct what stands in the own record."""
        self.tab.goto("/availability")
        self.follow("My car and limits")
        self.keep("own-record")
        self.follow("Edit")
        self.field("Car").fill(car)
        self.keep("own-record-form")
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
        self.keep("times")

    def offer_only(self, day: date, since: str, until: str) -> None:
        """Other hours on a single day."""
        self.tab.goto(f"/availability?day={day.isoformat()}")
        self.tab.locator("[name=from-0]").fill(since)
        self.tab.locator("[name=to-0]").fill(until)
        self.choose("Only this day")
        self.keep("times-day")
        self.press("Save this day")
        self.is_told("Saved.")

    def be_away(self, day: date) -> None:
        """Offer nothing on a day."""
        self.tab.goto("/availability")
        self.field("First day").fill(day.isoformat())
        self.press("Add days off")
        self.is_told("Saved.")
        self.keep("times-away")

    def be_back(self) -> None:
        """Take the day off back."""
        self.tab.goto("/availability")
        self.press("Take back")
        self.is_told("Saved.")

    def open_offer(self, place: str) -> None:
        """The offer of a ride to a place."""
        self.tab.goto("/offers")
        self.keep("offers")
        offer = self.tab.locator(".ride").filter(has_text=place)
        self.follow("Look at it", offer)
        self._sees(self.word("Can you drive this?"))
        self.keep("offer")

    def accept(self, place: str) -> None:
        """Say yes to a ride to a place."""
        self.open_offer(place)
        self.press("Yes, I drive")
        self.is_told("Thank you. The family is told that you come.")
        self.keep("accepted")

    def decline(self, place: str) -> None:
        """Say no."""
        self.open_offer(place)
        self.press("Not this one")
        self.is_told("Thank you for saying so. Somebody else will be asked.")
        self.keep("declined")

    def report(self, step: str) -> None:
        """Say how the next ride goes."""
        with self.tab.expect_navigation():
            self.press(step)
        self.is_told("Saved.")
        self.keep(f"today-{step}")

    def sees_the_door_for_a_while(self, line: str) -> None:
        """Look at the address of the next ride, and hide it again."""
        hidden = self.tab.get_by_role("button", name=re.compile("^" + self.word("Show")))
        hidden.first.click()
        value = self.tab.locator(".shown .value")
        expect(value).to_contain_text(line)
        self.keep("door")
        self.follow("Hide")
        expect(value).to_have_count(0)
        assert line not in self.tab.content()
        expect(hidden.first).to_be_visible()


def clock_of(instant: datetime) -> str:
    """The wall time that stands in a field."""
    return instant.strftime("%H:%M")
