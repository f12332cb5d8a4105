"""The pages of public places."""

import pytest
from sqlalchemy import select

from dispatch.people.models import User
from dispatch.places.models import Place
from tests.build import a_coordinator, a_driver, a_family, a_group, a_public_place

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
    answer = world["rosa"].post("/places/new", data={**TYPED, "address": "12 Main St", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="12 Main St"' in answer.text
    assert stored(database) == []


def test_a_place_far_away_is_taken_once_somebody_confirms_it(world, database):
    far = {**TYPED, "lat": "45.5", "lon": "-73.6"}
    assert "It really lies that far away" in world["rosa"].post("/places/new", data=far).text
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
