"""What times stand on, in a sentence."""

import pytest

from dispatch.places.roads.matrix import Basis
from dispatch.places.roads.words import basis_sentence


@pytest.mark.parametrize("basis", Basis)
def test_an_estimate_is_called_one_and_nothing_else_is(basis):
    assert ("estimates" in basis_sentence(basis)) == basis.is_estimate


def test_no_two_are_said_alike():
    assert len({basis_sentence(basis) for basis in Basis}) == len(Basis)
