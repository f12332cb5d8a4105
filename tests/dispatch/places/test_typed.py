"""What a person typed, made into values."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.places.sealed import Address
from dispatch.places.typed import MOST_NOTES, Typed, next_number

WORDS = st.text(max_size=60)


def test_a_line_is_one_line_without_control_characters():
    assert Typed({"a": " 48\tLarch\r\n\x00Row\x07 "}).line("a") == "48 Larch Row"


def test_emoji_and_text_from_right_to_left_are_text():
    for text in ("👩‍👧‍👦 Luz", "‏شارع النخيل 5", "Zoë Ω"):
        assert Typed({"a": text}).line("a") == text


def test_half_a_pair_cannot_reach_the_database():
    assert Typed({"a": "x\ud800y"}).line("a") == "xy"


def test_notes_keep_their_lines_and_have_a_limit():
    typed = Typed({"a": "one\r\ntwo", "b": "x" * 10_000})
    assert typed.notes("a") == "one\ntwo"
    typed.notes("b")
    assert typed.errors == {"b": f"At most {MOST_NOTES} characters; these are 9000 too many."}


def test_a_missing_line_has_its_sentence():
    typed = Typed({"a": "  "})
    typed.line("a", missing="Write it.")
    assert typed.errors == {"a": "Write it."}


@pytest.mark.parametrize("text", ["-1", "1.5", "ten", "21", "1e3", "99999999999", "1_0"])
def test_what_is_no_whole_number_in_range_is_told(text):
    typed = Typed({"a": text})
    assert typed.number("a", least=0, most=20, blank=0) == 0
    assert typed.errors == {"a": "Write a whole number from 0 to 20."}


@pytest.mark.parametrize(
    ("text", "degrees"), [("49.27", 49.27), ("-123,11", -123.11), ("−0.5", -0.5), (" 7 ", 7.0)]
)
def test_degrees_may_have_a_comma_or_a_true_minus(text, degrees):
    assert Typed({"a": text}).degrees("a") == degrees


@pytest.mark.parametrize("text", ["", "north", "nan", "inf", "1e5", "49.27.1", "4927.1"])
def test_what_is_no_coordinate_is_told(text):
    typed = Typed({"a": text})
    assert typed.degrees("a") is None
    assert "a" in typed.errors


@pytest.mark.parametrize(
    ("text", "is_end", "minute"),
    [
        ("08:30", False, 510),
        ("8.30", False, 510),
        ("23:59:00", False, 1439),
        ("00:00", False, 0),
        ("00:00", True, 1440),
        ("24:00", True, 1440),
        ("", False, None),
    ],
)
def test_wall_times_are_minutes(text, is_end, minute):
    typed = Typed({"a": text})
    assert typed.minute("a", is_end=is_end) == minute
    assert typed.errors == {}


@pytest.mark.parametrize("text", ["25:00", "12:60", "24:01", "noon", "12", "-1:00"])
def test_what_is_no_wall_time_is_told(text):
    typed = Typed({"a": text})
    assert typed.minute("a", is_end=True) is None
    assert "a" in typed.errors


def test_a_day_is_read_as_browsers_send_it():
    assert Typed({"a": "2027-03-09"}).day("a") == date(2027, 3, 9)
    for wrong in ("9/3/2027", "2027-02-30", "tomorrow"):
        typed = Typed({"a": wrong})
        assert typed.day("a") is None
        assert "a" in typed.errors


def test_an_id_is_an_id_or_nothing():
    uid = uuid4()
    assert Typed({"a": str(uid)}).uid("a") == uid
    assert Typed({"a": "1"}).uid("a") is None


def test_an_address_needs_its_street_and_its_pin():
    whole = {"h-line": "48 Larch Row", "h-lat": "49.27", "h-lon": "-123.1", "h-unit": "3"}
    found = Typed(whole).address("h-")
    assert found == (Address("48 Larch Row", unit="3"), (49.27, -123.1))
    for missing in ("h-line", "h-lat", "h-lon"):
        typed = Typed({**whole, missing: ""})
        assert typed.address("h-") is None
        assert set(typed.errors) == {missing}


@given(st.dictionaries(st.sampled_from(["a", "b", "h-line", "h-lat", "h-lon"]), WORDS))
def test_nothing_that_is_typed_breaks_a_form(form):
    typed = Typed(form)
    typed.line("a", most=5)
    typed.notes("a")
    typed.number("a", least=0, most=9)
    typed.minute("b")
    typed.day("b")
    typed.uid("b")
    typed.language("a")
    typed.address("h-")
    assert all(isinstance(sentence, str) for sentence in typed.errors.values())


def test_numbers_follow_the_highest():
    assert next_number([], "F001") == "F001"
    assert next_number(["F117", "F009", "odd"], "F001") == "F118"
    assert next_number(["F999"], "F001") == "F1000"
    assert next_number(["12"], "F001") == "13"
