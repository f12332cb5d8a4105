"""Finding places by what people type."""

import pytest
from geopy.location import Location

from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.geocode import ByName, MatchKind, find
from tests.build import a_family, a_group, a_public_place
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import grand_bend


@pytest.fixture
def known(session):
    group = a_group(session)
    names = ("Lakeview Clinic", "Riverside School", "Clínica Señora de la Paz")
    return [
        a_public_place(session, group, name, (49.2 + at / 10, -123.1))
        for at, name in enumerate(names)
    ]


@pytest.mark.parametrize("typed", ["Lakeview Clinic", "  lakeview   CLINIC ", "Lakeview-Clinic"])
def test_the_name_itself_is_an_exact_match(known, typed):
    best = find(typed, [ByName(known)])[0]
    assert (best.place, best.match) == (known[0], MatchKind.EXACT)
    assert best.point == (49.2, -123.1)


@pytest.mark.parametrize("typed", ["lakevew clinc", "Lakeview", "the lakeview clinic"])
def test_a_slip_finds_it_and_says_that_it_is_only_similar(known, typed):
    best = find(typed, [ByName(known)])[0]
    assert (best.place, best.match) == (known[0], MatchKind.SIMILAR)


def test_accents_need_not_be_typed(known):
    assert find("clinica senora de la paz", [ByName(known)])[0].match is MatchKind.EXACT


@pytest.mark.parametrize("typed", ["", "   ", "zzzzqqqq"])
def test_nothing_like_it_finds_nothing(known, typed):
    assert find(typed, [ByName(known)]) == []


def test_a_home_is_never_found(session):
    family = a_family(session, a_group(session))
    assert find("Larch Row", [ByName([family.place])]) == []
    assert find(family.place.shown_as, [ByName([family.place])]) == []


class Elsewhere:
    """A geocoder of another make, as geopy's are."""

    def geocode(self, query, *, exactly_one=True):
        return [Location(f"{query}, found", (1.0, 2.0), {"any": "thing"})]


def test_another_geocoder_is_asked_only_when_the_first_knows_nothing(known):
    geocoders = [ByName(known), Elsewhere()]
    assert find("Riverside School", geocoders)[0].source == "ByName"
    found = find("zzzzqqqq", geocoders)[0]
    assert (found.name, found.point, found.place) == ("zzzzqqqq, found", (1.0, 2.0), None)


def test_the_best_answer_alone_can_be_asked_for(known):
    assert ByName(known).geocode("Riverside").address == "Riverside School"
    assert ByName(known).geocode("zzzzqqqq") is None


def test_the_imported_map_is_asked_after_the_places_of_the_group(known, tmp_path):
    extract = grand_bend().write(tmp_path / "town.osm.pbf")
    make(extract, tmp_path / "made.db")
    geocoders = [ByName(known), Gazetteer(tmp_path / "made.db")]
    found = find("1243 Quarry St, Ada", geocoders)[0]
    assert (found.source, found.match, found.place) == ("Gazetteer", MatchKind.EXACT, None)
    assert find("Riverside School", geocoders)[0].source == "ByName"
