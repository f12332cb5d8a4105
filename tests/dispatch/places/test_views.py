"""The pages of public places."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from dispatch.families.models import Family
from dispatch.people.models import User
from dispatch.places.importing import import_file
from dispatch.places.models import Place
from tests.build import a_coordinator, a_driver, a_family, a_group, a_public_place
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend

TYPED = {"name": "Lakeview Clinic", "kind": "clinic", "lat": "49.26", "lon": "-123.12"}


@pytest.fixture
def world(database, client_of):
    """A group with its coordinator's browser, and another group."""
    with database.transaction() as session:
        group = a_group(session)
        rosa = a_coordinator(session, group)
        driver = a_driver(session, group)
        family = a_family(session, group)
        foreign = a_public_place(session, a_group(session), "Foreign Clinic")
        uids = {"home": family.place.uid, "foreign": foreign.uid}
        people = session.get_one(User, rosa.user_id), driver.user
    return {
        "rosa": client_of(people[0]),
        "driver": client_of(people[1]),
        **uids,
    }


def stored(database):
    with database.transaction(reads_only=True) as session:
        return session.scalars(select(Place).where(Place.name == "Lakeview Clinic")).all()


def test_a_place_is_entered_found_corrected_and_retired(world, database):
    rosa = world["rosa"]
    assert rosa.post("/places/new", data=TYPED).status_code == 303
    place = stored(database)[0]
    assert "Lakeview Clinic" in rosa.get("/places?q=lakevew").text
    page = f"/places/{place.uid}"
    seen = f"Lakeview Clinic|clinic||{place.latitude}|{place.longitude}"
    assert seen in rosa.get(page).text
    assert rosa.post(page, data={**TYPED, "seen": seen, "kind": "court"}).status_code == 303
    assert rosa.post(page, data={**TYPED, "seen": seen}).status_code == 409
    assert rosa.post(f"{page}/retire").status_code == 303
    assert page not in rosa.get("/places").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lat": "-123.12", "lon": "49.26"}, "Latitude and longitude look swapped."),
        ({"lat": "95"}, "Latitude goes from -90 to 90"),
        ({"lat": "45.5", "lon": "-73.6"}, "more than 300 km"),
        ({"lat": ""}, "Drop a pin on the map"),
        ({"kind": "home"}, "sealed, not in this list"),
        ({"kind": "castle"}, "Choose what kind"),
        ({"name": " "}, "Write the name"),
        ({"name": "x" * 81}, "At most 80 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    world, database, wrong, sentence
):
    answer = world["rosa"].post("/places/new", data={**TYPED, "line": "12 Main St", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="12 Main St"' in answer.text
    assert stored(database) == []


def test_a_place_far_away_is_taken_once_somebody_confirms_it(world, database):
    far = {**TYPED, "lat": "45.5", "lon": "-73.6"}
    assert "It really lies there" in world["rosa"].post("/places/new", data=far).text
    answer = world["rosa"].post("/places/new", data={**far, "far_is_meant": "1"})
    assert answer.status_code == 303
    assert len(stored(database)) == 1


def test_a_form_sent_twice_makes_one_place(world, database):
    answers = [world["rosa"].post("/places/new", data=TYPED).status_code for _ in range(2)]
    assert answers == [303, 422]
    assert len(stored(database)) == 1


def test_no_other_groups_place_and_no_home_has_a_page(world):
    for uid in (world["home"], world["foreign"]):
        assert world["rosa"].get(f"/places/{uid}").status_code == 404
        assert world["rosa"].post(f"/places/{uid}/retire").status_code == 404
    assert "Foreign Clinic" not in world["rosa"].get("/places").text


def test_drivers_do_not_keep_places(world):
    assert world["driver"].get("/places").status_code == 403
    assert world["driver"].post("/places/new", data=TYPED).status_code == 403


@pytest.fixture
def addresses(settings, tmp_path):
    """The tiny town, imported into the installation."""
    extract = grand_bend().write(tmp_path / "town.osm.pbf")
    import_file(extract, settings.data_dir, lambda _step, _share: None, products={})


FAMILY = {"number": "F900", "name": "Luz", "language": "es", "adults": "1", "where": "home"}
FAMILY |= dict.fromkeys(("children", "infant", "convertible", "booster"), "0")


def test_an_address_is_offered_while_it_is_typed_and_nothing_is_kept(world, addresses, caplog):
    answer = world["rosa"].post("/places/suggest", data={"home-line": "1243 quarry ada"})
    assert "1243 Quarry Street, Ada 49301" in answer.text
    assert "A known address." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "uarry" not in caplog.text


def test_a_dropped_pin_in_water_is_said(world, addresses):
    pin = {"home-lat": str(SOUTH + 0.021), "home-lon": str(WEST + 0.001)}
    assert "lies in water" in world["rosa"].post("/places/pin", data=pin).text


def test_without_script_a_button_finds_an_address_and_another_fills_the_fields(
    world, addresses, database
):
    rosa = world["rosa"]
    typed = {**FAMILY, "home-line": "1243 quary st apt 4", "home-town": "Ada"}
    found = rosa.post("/families/new", data={**typed, "find": "home-"})
    assert found.status_code == 200
    fills = unescape(re.search(r'name="take" value="([^"]+)"', found.text)[1])
    filled = rosa.post("/families/new", data={**typed, "take": fills}).text
    assert 'value="1243 Quarry Street"' in filled
    assert 'value="apt 4"' in filled
    assert "Look at the pin before you save" in filled
    with database.transaction(reads_only=True) as session:
        assert session.scalars(select(Family).where(Family.number == "F900")).all() == []


def test_the_address_of_a_public_place_is_found_too(world, addresses):
    rosa = world["rosa"]
    assert 'hx-post="/places/suggest"' in rosa.get("/places/new").text
    assert (
        "1243 Quarry Street" in rosa.post("/places/suggest", data={"line": "1243 quarry ada"}).text
    )
    typed = {**TYPED, "line": "1243 quary st ada"}
    found = rosa.post("/places/new", data={**typed, "find": ""}).text
    fills = unescape(re.search(r'name="take" value="([^"]+)"', found)[1])
    filled = rosa.post("/places/new", data={**typed, "take": fills}).text
    assert 'value="1243 Quarry Street, Ada"' in filled
    assert 'value="Lakeview Clinic"' in filled


IN_THE_POND = {"lat": f"{SOUTH + 0.021:.6f}", "lon": f"{WEST + 0.001:.6f}"}


@pytest.mark.parametrize(
    ("pin", "sentence"),
    [
        ({"lat": "44.5", "lon": str(WEST)}, "outside of the map"),
        (IN_THE_POND, "lies in water"),
    ],
)
def test_a_public_place_where_nobody_is_fetched_has_to_be_confirmed(
    world, addresses, database, pin, sentence
):
    answer = world["rosa"].post("/places/new", data={**TYPED, **pin})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "It really lies there" in answer.text
    meant = {**TYPED, **pin, "far_is_meant": "1"}
    assert world["rosa"].post("/places/new", data=meant).status_code == 303
    (place,) = stored(database)
    seen = f"Lakeview Clinic|clinic||{place.latitude}|{place.longitude}"
    changed = {**TYPED, **pin, "seen": seen, "kind": "court"}
    assert world["rosa"].post(f"/places/{place.uid}", data=changed).status_code == 303


def test_a_public_place_with_swapped_coordinates_is_refused(world, addresses, database):
    swapped = {**TYPED, "lat": str(WEST), "lon": str(SOUTH + 0.001), "far_is_meant": "1"}
    answer = world["rosa"].post("/places/new", data=swapped)
    assert "look swapped" in answer.text
    assert stored(database) == []


def test_a_home_outside_of_the_known_map_has_to_be_confirmed(world, addresses):
    typed = {**FAMILY, "home-line": "12 Elm", "home-lat": "49.26", "home-lon": "-123.12"}
    answer = world["rosa"].post("/families/new", data=typed)
    assert answer.status_code == 422
    assert "outside of the map" in answer.text
    meant = world["rosa"].post("/families/new", data={**typed, "home-far_is_meant": "1"})
    assert meant.status_code == 303


def test_before_anything_is_imported_the_form_offers_no_search(world):
    assert "Find it on the map" not in world["rosa"].get("/families/new").text
    assert (
        world["rosa"].post("/places/suggest", data={"home-line": "1243 quarry"}).text.strip() == ""
    )


def test_a_drivers_start_is_found_too(world, addresses):
    page = world["rosa"].get("/drivers/new").text
    assert page.count("Find it on the map") == 2
    typed = {"find": "start-", "start": "own", "start-line": "1201 wealthy"}
    assert "1201 Wealthy Street Southeast" in world["rosa"].post("/drivers/new", data=typed).text


def test_drivers_are_offered_no_addresses(world, addresses):
    for address in ("/places/suggest", "/places/pin"):
        assert world["driver"].post(address, data={"home-line": "1201 we"}).status_code == 403
