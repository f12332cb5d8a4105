"""House numbers, taken apart."""

import pytest

from dispatch.places.gazetteer.numbers import Number, apart, meanings, plain, written


@pytest.mark.parametrize("typed", ["99-10", "9910", "99 10"])
def test_a_hyphen_makes_no_other_number(typed):
    assert plain(typed) == "9910"


def test_the_parts_of_a_number():
    assert apart("1243") == Number(-1, 1243, "")
    assert apart("99-10") == Number(99, 10, "")
    assert apart("12 bis") == Number(-1, 12, "bis")
    assert apart("12B") == Number(-1, 12, "b")
    assert apart("rear") is None


def test_a_number_without_its_hyphen_may_have_had_one():
    assert meanings("9910") == [Number(-1, 9910, ""), Number(99, 10, "")]
    assert meanings("99-10") == [Number(99, 10, "")]
    assert meanings("12") == [Number(-1, 12, "")]
    assert meanings("x") == []


def test_one_tag_may_hold_several_numbers():
    assert written("12;14") == ["12", "14"]
    assert written("Suite 3, 120") == ["120"]
    assert written("#9 120") == ["120"]
    assert written("none") == []
