"""How like two names are."""

import pytest

from dispatch.places.gazetteer.likeness import SAME, Spellings, likeness
from dispatch.places.gazetteer.spelling import street_words

NAMES = ["Wealthy Street", "Wealthy Court", "217th Street", "218th Street", "Hempstead Avenue"]


@pytest.fixture
def spellings():
    return Spellings(" ".join(street_words(name)) for name in NAMES)


def best(spellings, typed):
    found = spellings.like(typed)
    return max(found, key=found.get) if found else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Wealty Street", "wealthy street"),
        ("Wealhty St", "wealthy street"),
        ("Wealthy Strete", "wealthy street"),
        ("weal thy court", "wealthy court"),
        ("217th Steret", "217 street"),
        ("217uth Street", "217 street"),
        ("217thpStreet", "217 street"),
        ("hempstead aev", "hempstead avenue"),
        ("hempsted", "hempstead avenue"),
    ],
)
def test_one_slip_is_forgiven_wherever_it_is(spellings, typed, meant):
    assert best(spellings, typed) == meant


def test_another_name_is_not_like_it(spellings):
    assert best(spellings, "Larch Row") is None


def score(one, other):
    return likeness(street_words(one), street_words(other))


def test_the_same_is_more_like_than_a_slip_and_a_slip_more_than_another_kind_of_street():
    scores = [
        score("Wealthy St", "Wealthy Street"),
        score("Wealthy", "Wealthy Street"),
        score("Wealhty Street", "Wealthy Street"),
        score("Wealthy Court", "Wealthy Street"),
    ]
    assert scores[0] == SAME
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_another_number_is_another_street_sooner_than_a_slip():
    assert score("217th Street", "218th Street") < score("217th Steret", "217th Street")


def test_a_direction_may_be_left_out_but_not_turned_round():
    left_out = score("Main Street", "Main Street Southeast")
    assert score("Main Street Northwest", "Main Street Southeast") < left_out < SAME
