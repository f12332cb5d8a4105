"""What a line may become while it is typed."""

import pytest

from dispatch.places.gazetteer.completing import complete
from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.store import Edition
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend


def labels(edition, text):
    return [one.label for one in complete(edition, text, 5)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("1201 we", "1201 Wealthy Street Southeast, Grand Bend 49506"),
        ("1201 wealthy st", "1201 Wealthy Street Southeast, Grand Bend 49506"),
        ("dia", "Diamond Avenue Southeast, Grand Bend"),
        ("calle ma", "Calle Mayor, Grand Bend"),
        ("Calle Mayor 4", "Calle Mayor 42, Grand Bend"),
        ("1243 quarry ada", "1243 Quarry Street, Ada 49301"),
        ("pen", "Peña Row, Grand Bend"),
        ("clin", "Clínica Señora de la Paz, Grand Bend"),
    ],
)
def test_the_beginning_of_a_line_offers_what_it_may_become(edition, typed, label):
    assert any(one.startswith(label) for one in labels(edition, typed))


@pytest.mark.parametrize("typed", ["", "12", "w"])
def test_too_little_offers_nothing(edition, typed):
    assert complete(edition, typed, 5) == []


def test_a_number_that_nobody_has_is_counted(edition):
    (found,) = complete(edition, "1203 weal", 5)
    assert (found.kind, found.number) == (MatchKind.INTERPOLATED, "1203")


def test_a_slip_is_forgiven(edition):
    assert labels(edition, "1201 wealhty st se")[0].startswith("1201 Wealthy")


@pytest.mark.parametrize("typed", ["1201 \"we'", "a*b OR c", "NEAR(a b)", "12 (", "新堤滝沢線"])
def test_whatever_is_typed_is_no_command_to_the_index(edition, typed):
    assert isinstance(complete(edition, typed, 5), list)


def test_the_quarter_of_a_street_narrows_what_is_offered(tmp_path):
    town = grand_bend()
    town.point(SOUTH + 0.1, WEST + 0.002, place="suburb", name="Millside")
    make(town.write(tmp_path / "town.osm.pbf"), tmp_path / "made.db")
    offered = complete(Edition(tmp_path / "made.db"), "1243 quarry mills", 5)
    assert [one.label for one in offered] == ["1243 Quarry Street, Ada 49301"]
