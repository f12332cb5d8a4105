"""The pages of families."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from dispatch import sms_gateway
from dispatch.audit.models import AuditEvent
from dispatch.drivers.models import Driver
from dispatch.families.models import Family
from dispatch.people.models import Group, User
from dispatch.places.models import Place
from dispatch.rides.models import Ride, RideState
from tests.build import (
    MADE,
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_public_place,
    a_ride,
)
from tests.dispatch.places.test_service import an_assignment

TYPED = {
    "number": "F118",
    "name": "Carmencita",
    "phone": "604-555-0117",
    "language": "es",
    "adults": "1",
    "children": "1",
    "booster": "1",
    "new-0-name": "Lucecita",
    "new-0-kind": "booster",
    "where": "home",
    "home-line": "4817 Larchmont Row",
    "home-lat": "49.2713",
    "home-lon": "-123.1127",
    "notes": "Strollerino to fold",
}
PERSONAL = ["Carmencita", "0117", "Larchmont", "49.2713", "123.1127", "Lucecita", "Strollerino"]


@pytest.fixture
def world(database, client_of):
    """A group with its coordinator's and a driver's browser, and another group's family."""
    with database.transaction() as session:
        group = a_group(session)
        rosa, driver = a_coordinator(session, group), a_driver(session, group)
        library = a_public_place(session, group, "Mill Hill Library")
        foreign = a_family(session, a_group(session))
        uids = {"foreign": foreign.uid, "library": library.uid, "marta": driver.uid}
        people = session.get_one(User, rosa.user_id), driver.user
    return {
        "rosa": client_of(people[0]),
        "driver": client_of(people[1]),
        **uids,
    }


def entered(world):
    """The address of the record of a family entered through the form."""
    answer = world["rosa"].post("/families/new", data=TYPED)
    assert answer.status_code == 303, answer.text
    return answer.location


def count(database, model):
    with database.transaction(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_no_page_shows_what_is_sealed(world):
    record = entered(world)
    for page in (record, f"{record}/edit", "/families", "/families/new", "/drivers", "/places"):
        text = world["rosa"].get(page).text
        assert "F118" in text or page in ("/families/new", "/drivers", "/places")
        for secret in PERSONAL:
            assert secret not in text, (page, secret)


def test_one_seal_opens_at_a_time_and_the_look_is_listed(world):
    record = entered(world)
    assert "Nobody has looked yet" in world["rosa"].get(record).text
    answer = world["rosa"].post(f"{record}/reveal?part=address", headers={"HX-Request": "true"})
    assert "4817 Larchmont Row" in answer.text
    assert "<html" not in answer.text
    assert 'data-shown="60"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    for secret in ("Carmencita", "0117", "Lucecita"):
        assert secret not in answer.text
    assert "read an address" in world["rosa"].get(record).text


def test_without_script_the_whole_record_comes_with_one_seal_open(world):
    record = entered(world)
    answer = world["rosa"].post(f"{record}/reveal?part=phone")
    assert "604-555-0117" in answer.text
    assert "<html" in answer.text
    assert "Larchmont" not in answer.text
    assert "604-555-0117" not in world["rosa"].get(record).text


def test_riders_and_names_open_in_words(world):
    record = entered(world)
    assert "Lucecita (Booster)" in world["rosa"].post(f"{record}/reveal?part=riders").text
    assert "Carmencita" in world["rosa"].post(f"{record}/reveal?part=name").text
    assert world["rosa"].post(f"{record}/reveal?part=everything").status_code == 404


def test_looking_at_a_page_opens_nothing(world, database):
    record = entered(world)
    before = count(database, AuditEvent)
    world["rosa"].get(record)
    assert world["rosa"].get(f"{record}/reveal?part=phone").status_code == 405
    assert count(database, AuditEvent) == before


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": ""}, "Write the family&#39;s number."),
        ({"name": ""}, "Write the first name"),
        ({"phone": "call me"}, "Write 7 to 15 digits"),
        ({"language": ""}, "Choose a language."),
        ({"adults": "0", "children": "0", "booster": "0"}, "At least one person"),
        ({"adults": "99"}, "Write a whole number from 0 to 20."),
        ({"booster": "2"}, "more child seats than children"),
        ({"notes": "x" * 10_000}, "At most 1000 characters"),
        ({"where": ""}, "Choose where the family"),
        ({"where": "meeting_point"}, "Choose a meeting point."),
        ({"home-line": ""}, "Write the number and the street."),
        ({"home-lat": "-123.1127", "home-lon": "49.2713"}, "look swapped"),
        ({"new-0-kind": "throne"}, "Choose what this rider sits on."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(world, database, wrong, sentence):
    before = count(database, Family)
    answer = world["rosa"].post("/families/new", data={**TYPED, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text or wrong.keys() & {"where"}
    assert 'value="4817 Larchmont Row"' in answer.text or "home-line" in wrong
    assert count(database, Family) == before


def test_emoji_and_text_from_right_to_left_are_kept(world):
    data = {**TYPED, "name": "أمل 👩‍👧", "notes": "كرسي 🪑"}
    record = world["rosa"].post("/families/new", data=data).location
    assert "أمل 👩‍👧" in world["rosa"].post(f"{record}/reveal?part=name").text


def test_a_form_sent_twice_makes_one_family(world, database):
    before = count(database, Family)
    entered(world)
    assert world["rosa"].post("/families/new", data=TYPED).status_code == 422
    assert count(database, Family) == before + 1


def test_the_meeting_point_of_another_group_is_no_choice(world, database):
    with database.transaction() as session:
        foreign = a_public_place(session, a_group(session), "Foreign Library").uid
    data = {**TYPED, "where": "meeting_point", "meeting_point": str(foreign)}
    assert world["rosa"].post("/families/new", data=data).status_code == 422
    good = {**data, "meeting_point": str(world["library"])}
    record = world["rosa"].post("/families/new", data=good).location
    assert "rides begin at Mill Hill Library" in world["rosa"].get(record).text


def edit_form(client, record):
    """The fields of the edit form as a browser would send them back."""
    page = client.get(f"{record}/edit").text
    form = page[page.index("<main") :]
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    kind = re.search(r'name="(rider-[0-9a-f-]+-kind)"', form)[1]
    kept = {"number", "version", "adults", "children", "booster", "infant", "convertible"}
    rest = {"state": "active", "where": "keep", "language": "es", kind: "booster"}
    return {**{name: fields[name] for name in kept}, **rest}


def test_a_form_left_as_it_is_changes_nothing_sealed(world):
    record = entered(world)
    sent = edit_form(world["rosa"], record)
    assert world["rosa"].post(f"{record}/edit", data=sent).status_code == 303
    for part, secret in (("name", PERSONAL[0]), ("phone", "0117"), ("address", "Larchmont")):
        assert secret in world["rosa"].post(f"{record}/reveal?part={part}").text
    assert "Lucecita" in world["rosa"].post(f"{record}/reveal?part=riders").text


def test_a_stale_form_is_told_and_overwrites_nothing(world):
    record = entered(world)
    sent = edit_form(world["rosa"], record)
    world["rosa"].post(f"{record}/edit", data={**sent, "adults": "2"})
    answer = world["rosa"].post(f"{record}/edit", data={**sent, "adults": "5"})
    assert answer.status_code == 409
    assert "Nothing was overwritten" in answer.text
    assert "2 adults" in world["rosa"].get(record).text


def test_who_saves_another_address_is_told_which_rides_want_a_driver_again(world, database):
    record = entered(world)
    client = world["rosa"]
    with database.transaction() as session:
        family = session.scalars(select(Family).where(Family.number == "F118")).one()
        group = session.get_one(Group, family.group_id)
        ride = a_ride(session, group, family=family, state=RideState.ACCEPTED)
        driver = session.scalars(select(Driver).where(Driver.group_id == group.id)).one()
        an_assignment(session, ride, driver, MADE)
        home = family.place_id
    moved = {"where": "home", "home-line": "9 Elm Ct", "home-lat": "49.3", "home-lon": "-123.05"}
    answer = client.post(f"{record}/edit", data={**edit_form(client, record), **moved})
    assert answer.status_code == 303, answer.text
    told = "These lost their driver and are open again: Tuesday 9 March, 10:00."
    assert told in client.get(answer.location).text
    with database.transaction(reads_only=True) as session:
        ride = session.scalars(select(Ride)).one()
        assert ride.state is RideState.OPEN
        assert ride.pickup_place_id == ride.family.place_id != home


def test_a_ride_that_would_lead_nowhere_is_told_beside_the_choice(world, database):
    record = entered(world)
    client = world["rosa"]
    with database.transaction() as session:
        family = session.scalars(select(Family).where(Family.number == "F118")).one()
        library = session.scalars(select(Place).where(Place.uid == world["library"])).one()
        group = session.get_one(Group, family.group_id)
        a_ride(session, group, family=family, dropoff_place=library)
    moved = {"where": "meeting_point", "meeting_point": str(world["library"])}
    answer = client.post(f"{record}/edit", data={**edit_form(client, record), **moved})
    assert answer.status_code == 422
    assert "they ride to or from Mill Hill Library" in answer.text
    assert "No address is kept" not in client.get(record).text


def test_a_number_or_a_phone_leads_to_the_record_and_stays_out_of_the_address(world):
    record = entered(world)
    for wanted in ("f118", "+1 (604) 555 0117"):
        answer = world["rosa"].post("/families/find", data={"q": wanted})
        assert (answer.status_code, answer.location) == (303, record)
    answer = world["rosa"].post("/families/find", data={"q": "604-555-0999"})
    assert "No family has this number or phone." in answer.text


def test_a_note_is_warned_about_while_typing_and_saved_all_the_same(world):
    answer = world["rosa"].post("/families/notes", data={"notes": "Case A-2041-77"})
    assert "“A-2041-77” looks like a case number" in answer.text
    assert "looks like" not in world["rosa"].post("/families/notes", data={"notes": "Dog"}).text
    saved = world["rosa"].post("/families/new", data={**TYPED, "notes": "Case A-2041-77"})
    assert saved.status_code == 303
    assert "better not written down" in world["rosa"].get(saved.location).text


def test_a_wish_is_saved_and_taken_back(world):
    record = entered(world)
    data = {"driver": str(world["marta"]), "wish": "never"}
    assert world["rosa"].post(f"{record}/wishes", data=data).status_code == 303
    assert "Never matched with this family" in world["rosa"].get(record).text
    world["rosa"].post(f"{record}/wishes", data={**data, "wish": ""})
    assert "Never matched with this family" not in world["rosa"].get(record).text
    assert world["rosa"].post(f"{record}/wishes", data={"driver": ""}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "/edit"),
        ("post", "/edit"),
        ("post", "/reveal?part=phone"),
        ("post", "/wishes"),
    ],
)
def test_the_family_of_another_group_is_not_there(world, method, path):
    ask = getattr(world["rosa"], method)
    assert ask(f"/families/{world['foreign']}{path}").status_code == 404


def test_drivers_have_no_pages_of_families(world):
    record = entered(world)
    for path in ("/families", "/families/new", record, f"{record}/edit"):
        assert world["driver"].get(path).status_code == 403
    assert world["driver"].post(f"{record}/reveal?part=address").status_code == 403


def test_texts_are_asked_about_where_there_are_any_and_kept(world, app, database):
    asked = 'name="takes_texts"'
    assert asked not in world["rosa"].get("/families/new").text
    sms = sms_gateway.named("http://127.0.0.1:9710/send", "", "", None)
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], sms=sms)
    assert f'{asked} value="1" checked' not in world["rosa"].get("/families/new").text
    record = entered(world)
    for ticked, is_kept in (({"takes_texts": "1"}, True), ({}, False)):
        sent = {**edit_form(world["rosa"], record), **ticked}
        assert world["rosa"].post(f"{record}/edit", data=sent).status_code == 303
        with database.transaction(reads_only=True) as session:
            family = session.scalars(select(Family).where(Family.number == "F118")).one()
            assert family.takes_texts is is_kept
        assert ("Wants them" in world["rosa"].get(record).text) is is_kept
