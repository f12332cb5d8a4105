"""Public places by the names that people give them."""

import pytest

from dispatch.imports.reading.known import PlaceRow
from dispatch.imports.reading.placenames import PlaceNames, name_key
from tests.dispatch.imports.reading.sheets import a_place

HOSPITAL = a_place("St. Paul's Hospital (SPH)", kind="hospital")


def _names(found: list[list[PlaceRow]]) -> list[str]:
    return sorted(branches[0].name for branches in found)


@pytest.mark.parametrize(
    "typed", ["The St Paul's Hospital", "saint pauls hospital", "ST. PAULS HOSPITAL"]
)
def test_a_name_has_one_key_however_it_is_written(typed: str):
    assert name_key(typed) == "saintpaulshospital"


@pytest.mark.parametrize("typed", ["St. Paul's Hospital (SPH)", "Saint Pauls Hospital", "sph"])
def test_a_place_is_found_by_its_name_and_by_its_acronym(typed: str):
    assert PlaceNames([HOSPITAL]).exact(typed) == [HOSPITAL]


def test_branches_of_a_chain_come_together():
    branches = [a_place("No Frills", 49.1), a_place("nofrills", 49.2)]
    assert PlaceNames(branches).exact("NO FRILLS") == branches


def test_what_is_not_called_so_is_not_exact():
    assert PlaceNames([HOSPITAL]).exact("Paul's Hospital") == []


def test_a_slip_of_the_keys_is_forgiven_the_more_the_longer_the_name():
    names = PlaceNames([a_place("Bayside General Hospital"), a_place("Alder Lab"), a_place("Mall")])
    assert _names(names.similar("Baysied Generl Hospital")) == ["Bayside General Hospital"]
    assert _names(names.similar("Alder Lba")) == ["Alder Lab"]
    assert names.similar("Aldr Lba") == []
    assert names.similar("Malk") == []


def test_the_closest_name_wins_over_one_further_off():
    names = PlaceNames([a_place("Broadway Clinic A"), a_place("Broadway Clinics B")])
    assert _names(names.similar("Broadway Clinik A")) == ["Broadway Clinic A"]


def test_names_equally_close_are_all_answered():
    names = PlaceNames([a_place("Cedar Clinic East"), a_place("Cedar Clinic Eest")])
    assert len(names.similar("Cedar Clinic Eist")) == 2


def test_a_part_of_a_name_needs_two_words_that_say_something():
    names = PlaceNames([a_place("Bayside General Hospital"), a_place("Alder Community Hospital")])
    assert _names(names.similar("General Hospital")) == ["Bayside General Hospital"]
    assert names.similar("hospital") == []
    assert names.similar("the hospital of") == []


def test_a_place_of_several_names_is_one_answer():
    assert len(PlaceNames([HOSPITAL]).similar("Saint Paul's Hospitl")) == 1
