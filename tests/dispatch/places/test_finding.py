"""Finding a private address while a form is filled in."""

import json

import pytest
from werkzeug.datastructures import MultiDict

from dispatch.places import finding
from dispatch.places.finder import Finder
from dispatch.places.gazetteer.geocoder import Gazetteer
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The geocoder of the tiny town."""
    folder = tmp_path_factory.mktemp("finding")
    make(grand_bend().write(folder / "town.osm.pbf"), folder / "made.db")
    return Gazetteer(folder / "made.db")


def a_form(**fields):
    return MultiDict({name.replace("__", "-"): value for name, value in fields.items()})


def test_the_button_looks_for_what_stands_in_the_fields(known):
    form = a_form(find="home-", home__line="1243 Quary St apt 4", home__town="Ada", adults="2")
    answer = finding.answer(form, lambda: Finder(known))
    assert answer.values["adults"] == "2"
    first = answer.choices[0]
    assert first.words == "1243 Quarry Street, Ada 49301"
    assert json.loads(first.fills)["values"]["unit"] == "apt 4"


def test_a_candidate_that_was_taken_fills_its_fields_and_no_other(known):
    form = a_form(find="home-", home__line="1243 Quarry St", home__town="Ada", adults="2")
    form.setlist("languages", ["es", "en"])
    fills = finding.answer(form, lambda: Finder(known)).choices[0].fills
    taken = a_form(take=fills, home__line="1243 Quary", adults="2")
    taken.setlist("languages", ["es", "en"])
    answer = finding.answer(taken, lambda: Finder(known))
    assert answer.values["home-line"] == "1243 Quarry Street"
    assert answer.values["home-town"] == "Ada"
    assert float(answer.values["home-lat"]) == pytest.approx(SOUTH + 0.1002)
    assert answer.values.getlist("languages") == ["es", "en"]
    assert "before you save" in answer.sentence


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"find": "<script>"},
        {"take": "no json"},
        {"take": "[]"},
        {"take": '{"prefix": 1, "values": {}}'},
        {"take": '{"prefix": "home-", "values": 3}'},
        {"take": '{"prefix": "x\'y", "values": {}}'},
    ],
)
def test_what_no_button_of_ours_sends_is_passed_over(known, form):
    assert finding.answer(MultiDict(form), lambda: Finder(known)) is None


def test_nothing_like_it_is_said_and_leads_to_the_pin(known):
    answer = finding.answer(
        a_form(find="home-", home__line="99 Nowhere Road"), lambda: Finder(known)
    )
    assert answer.choices == []
    assert "Drop the pin by hand" in answer.sentence


def test_while_one_types_the_beginning_is_enough(known):
    answer = finding.suggest(a_form(home__line="1201 we"), known)
    assert answer.prefix == "home-"
    assert [one.words for one in answer.choices] == [
        "1201 Wealthy Street Southeast, Grand Bend 49506"
    ]
    assert finding.suggest(a_form(home__line="12"), known).choices == []
    assert finding.suggest(MultiDict(), known).choices == []


@pytest.mark.parametrize(
    ("lat", "lon", "said"),
    [
        (SOUTH + 0.021, WEST + 0.001, "lies in water"),
        (WEST, SOUTH + 0.001, "look swapped"),
        (SOUTH + 2, WEST, "outside of the map"),
        ("x", WEST, ""),
        ("nan", WEST, ""),
    ],
)
def test_a_pin_that_cannot_be_right_is_said_at_once(known, lat, lon, said):
    answer = finding.look_at_pin(a_form(home__lat=str(lat), home__lon=str(lon)), known)
    assert said in answer.sentence
    assert bool(answer.sentence) is bool(said)
    assert answer.choices == []


def test_a_pin_offers_the_nearest_address_and_stays_where_it_is(known):
    where = {"home__lat": str(SOUTH + 0.0003), "home__lon": str(WEST + 0.0011)}
    form = a_form(home__town="", **where)
    (choice,) = finding.look_at_pin(form, known).choices
    values = json.loads(choice.fills)["values"]
    assert values["line"] == "1201 Wealthy Street Southeast"
    assert float(values["lat"]) == pytest.approx(SOUTH + 0.0003)
    form["home-line"] = "12 Elm Street"
    assert finding.look_at_pin(form, known).choices == []


@pytest.mark.parametrize("where", [("10", "10"), (str(SOUTH + 0.021), str(WEST + 0.001))])
def test_a_pin_outside_or_in_water_is_taken_once_somebody_confirms_it(known, where):
    form = a_form(home__lat=where[0], home__lon=where[1])
    with pytest.raises(finding.PinRefused) as refused:
        finding.check_pin(form, "home-", known)
    assert refused.value.may_be_meant
    assert refused.value.prefix == "home-"
    form["home-far_is_meant"] = "1"
    finding.check_pin(form, "home-", known)


def test_a_swapped_pin_is_never_taken(known):
    swapped = a_form(home__lat=str(WEST), home__lon=str(SOUTH + 0.001), home__far_is_meant="1")
    with pytest.raises(finding.PinRefused) as refused:
        finding.check_pin(swapped, "home-", known)
    assert not refused.value.may_be_meant


def test_the_address_of_a_public_place_is_filled_into_one_line(known):
    answer = finding.answer(
        a_form(find="", line="1243 Quarry St suite 4, Ada"), lambda: Finder(known)
    )
    values = json.loads(answer.choices[0].fills)["values"]
    assert values["line"] == "1243 Quarry Street, suite 4, Ada"
    assert set(values) == {"line", "lat", "lon"}


def test_without_an_import_nothing_is_offered_and_nothing_refused(tmp_path):
    unknown = Gazetteer(tmp_path / "none.db")
    finding.check_pin(a_form(home__lat="10", home__lon="10"), "home-", unknown)
    assert finding.suggest(a_form(home__line="1201 we"), unknown).choices == []
