"""What the three programs answer, in the words of our own search."""

import copy

import pytest
from geopy.location import Location

from dispatch.geocoding_server import Dialect
from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.servers.answers import found_in
from tests.dispatch.places.servers.fakes import ANSWERS, HOUSE

ASKED = "1201 wealthy st southeast apt 4, Grand Bend"


def raw_of(dialect: str) -> dict:
    """The one candidate of the made-up answer."""
    answer = copy.deepcopy(ANSWERS[dialect])
    return answer[0] if isinstance(answer, list) else answer["features"][0]


def found(dialect: str, raw: dict, asked: str = ASKED, point=HOUSE) -> list[Found]:
    return found_in(Dialect(dialect), [Location("", point, raw)], asked)


def with_facts(dialect: str, **changes: object) -> dict:
    """The made-up candidate with other facts; None takes one away."""
    raw = raw_of(dialect)
    inner = raw["address"] if dialect == "nominatim" else raw["properties"]
    for target in (raw, inner):
        for name, value in changes.items():
            if name in target:
                target[name] = value
    return raw


def box(away: float) -> list[str]:
    """South, north, west and east of the house, so many degrees away."""
    (lat, lon) = HOUSE
    return [f"{edge:.7f}" for edge in (lat - away, lat + away, lon - away, lon + away)]


@pytest.mark.parametrize("dialect", list(ANSWERS))
def test_a_house_is_a_known_address_with_the_unit_that_was_typed(dialect):
    (house,) = found(dialect, raw_of(dialect))
    assert house.kind is MatchKind.EXACT
    assert house.label == "1201 Wealthy Street Southeast, Grand Bend 49506"
    assert house.point == HOUSE
    assert house.unit == "apt 4"
    assert not house.is_corrected
    assert not house.is_doubtful


@pytest.mark.parametrize("dialect", list(ANSWERS))
def test_another_number_than_the_one_asked_for_is_doubtful(dialect):
    assert found(dialect, raw_of(dialect), "1203 wealthy st southeast")[0].is_doubtful
    assert found(dialect, raw_of(dialect), "wealthy st southeast")[0].is_doubtful


@pytest.mark.parametrize("dialect", list(ANSWERS))
def test_another_street_than_the_one_typed_is_said(dialect):
    assert found(dialect, raw_of(dialect), "1201 walthy st southeast")[0].is_corrected


@pytest.mark.parametrize(
    ("dialect", "changes"),
    [
        ("nominatim", {"boundingbox": box(0.00005)}),
        ("pelias", {"match_type": "interpolated"}),
        ("pelias", {"accuracy": "interpolated"}),
    ],
)
def test_a_counted_house_is_said_to_be_counted(dialect, changes):
    assert found(dialect, with_facts(dialect, **changes))[0].kind is MatchKind.INTERPOLATED


@pytest.mark.parametrize("edges", [box(0.00008), box(0.00005)[:3], ["x"] * 4, "box", None])
def test_a_house_that_was_drawn_is_not_said_to_be_counted(edges):
    raw = with_facts("nominatim", boundingbox=edges)
    assert found("nominatim", raw)[0].kind is MatchKind.EXACT


@pytest.mark.parametrize(
    ("dialect", "changes", "kind", "name"),
    [
        ("nominatim", {"class": "highway", "house_number": None}, MatchKind.STREET, None),
        ("photon", {"type": "street", "housenumber": None}, MatchKind.STREET, None),
        ("pelias", {"layer": "street", "housenumber": None}, MatchKind.STREET, None),
        ("pelias", {"layer": "intersection", "housenumber": None}, MatchKind.CROSSING, None),
        ("pelias", {"layer": "venue", "housenumber": None, "name": "Mercy"}, MatchKind.PLACE,
         "Mercy"),
    ],
)  # fmt: skip
def test_what_is_no_house_is_said_to_be_what_it_is(dialect, changes, kind, name):
    (one,) = found(dialect, with_facts(dialect, **changes))
    assert one.kind is kind
    assert one.number == ""
    assert name is None or one.name == name


def test_a_place_of_nominatim_goes_by_the_first_of_its_names():
    raw = {"class": "amenity", "type": "clinic", "display_name": "Mercy Clinic, Elm Street, Ada"}
    (one,) = found("nominatim", raw)
    assert (one.kind, one.name) == (MatchKind.PLACE, "Mercy Clinic")


@pytest.mark.parametrize("dialect", list(ANSWERS))
@pytest.mark.parametrize("raw", [{}, {"address": 3, "properties": [1]}, {"name": ["x"]}])
def test_what_has_no_name_is_left_out(dialect, raw):
    assert found(dialect, raw) == []


def test_a_name_is_shown_without_what_cannot_be_seen():
    raw = with_facts("photon", street="Elm\x00 \u202eStreet\n" + "x" * 500)
    (one,) = found("photon", raw)
    assert one.name.startswith("Elm Street x")
    assert len(one.name) == 120
