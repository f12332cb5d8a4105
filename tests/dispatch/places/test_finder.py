"""Where an address is looked for, and that a server is asked last and seldom."""

from dataclasses import dataclass, field

import pytest

from dispatch.places.finder import Finder
from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.servers.asking import Unanswered
from tests.build import a_group, a_public_place
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend

FAR = Found(MatchKind.EXACT, (SOUTH + 1, WEST), "Elm Street", number="12", server="geo.lan")


@dataclass
class Told:
    """A server that answers what it is told to, and notes what it was asked."""

    found: list[Found] = field(default_factory=list)
    trouble: str = ""
    host: str = "geo.lan"
    asked: list[str] = field(default_factory=list)
    around: list[object] = field(default_factory=list)

    def find(self, text, around):
        self.asked.append(text)
        self.around.append(around)
        if self.trouble:
            raise Unanswered(self.trouble)
        return self.found


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finder")
    make(grand_bend().write(folder / "town.osm.pbf"), folder / "made.db")
    return Gazetteer(folder / "made.db")


def test_what_is_known_here_is_not_asked_of_a_server(known):
    server = Told([FAR])
    looked = Finder(known, (), server).find("1243 Quarry St, Ada")
    assert looked.found[0].label == "1243 Quarry Street, Ada 49301"
    assert server.asked == []


def test_what_is_not_known_here_is_asked_with_the_edges_of_the_map(known):
    server = Told([FAR])
    looked = Finder(known, (), server).find("12 Elm Street")
    assert looked.found[-1] is FAR
    assert server.asked == ["12 Elm Street"]
    assert server.around == [known.frame]
    assert known.frame is not None


def test_others_may_write_before_the_wait_begins(known):
    told = []
    server = Told([FAR])
    finder = Finder(known, (), server, before_asking=lambda: told.append(list(server.asked)))
    finder.find("12 Elm Street")
    finder.find("1243 Quarry St, Ada")
    assert told == [[]]


def test_a_server_that_does_not_answer_leaves_what_is_known(known):
    server = Told(trouble="status 500")
    looked = Finder(known, (), server).find("1271 Quarry St, Ada")
    assert [one.kind for one in looked.found] == [MatchKind.STREET, MatchKind.STREET]
    assert looked.silent == "geo.lan"


def test_a_server_that_says_the_same_door_says_nothing_new(known):
    here = Finder(known).find("1203 Wealthy Street Southeast").found[0]
    assert here.kind is MatchKind.INTERPOLATED
    again = Found(
        MatchKind.EXACT, (here.point[0] + 0.0002, here.point[1]), "Wealthy", number="1203"
    )
    other = Found(MatchKind.EXACT, here.point, "Wealthy", number="1299")
    looked = Finder(known, (), Told([again, other])).find("1203 Wealthy Street Southeast")
    assert again not in looked.found
    assert looked.found[-1] is other


def test_nothing_is_asked_for_an_empty_line(known):
    server = Told([FAR])
    assert Finder(known, (), server).find("  ").found == []
    assert server.asked == []


def test_the_groups_own_places_come_first(known, session):
    place = a_public_place(session, a_group(session), "Lakeview Clinic", (SOUTH, WEST))
    server = Told([FAR])
    finder = Finder(known, [place], server)
    first = finder.find("lakeview clinic").found[0]
    assert (first.name, first.point) == ("Lakeview Clinic", (SOUTH, WEST))
    assert server.asked == []
    assert finder.find("lakevew clinc").found[0].kind is MatchKind.SIMILAR
    assert "Lakeview Clinic" not in {one.name for one in finder.find("12 Lakeview").found}


def test_without_a_map_and_a_server_nothing_is_found(tmp_path):
    finder = Finder(Gazetteer(tmp_path / "none.db"))
    assert finder.find("12 Elm Street").found == []
    server = Told([FAR])
    assert Finder(Gazetteer(tmp_path / "none.db"), (), server).find("12 Elm St").found == [FAR]
    assert server.around == [None]
