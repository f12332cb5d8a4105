"""How a text falls into things that mean something."""

from datetime import date, time

from dispatch.rides.pasted.marks import NOTHING, Mark, even, marked, without
from dispatch.rides.pasted.vocabulary import Sense


def test_the_longest_phrase_is_taken():
    assert marked("pasado manana") == [Mark(Sense.AHEAD, 2)]
    assert marked("manana") == [Mark(Sense.AHEAD, 1)]
    assert marked("de la manana") == [Mark(Sense.MORNING)]


def test_numbers_times_days_and_ends():
    assert marked("8 08:20 1:05 3/9 2027-03-09.") == [
        Mark(number=8),
        Mark(clock=time(8, 20), is_exact=True),
        Mark(clock=time(1, 5)),
        Mark(day=(3, 9)),
        Mark(day=date(2027, 3, 9)),
        Mark(is_end=True),
    ]
    assert marked("ocho") == [Mark(number=8)]


def test_what_is_none_of_them_is_nothing_and_fillers_are_left_out():
    assert marked("99:99 quack, of the 2027-02-31") == [NOTHING, NOTHING, NOTHING, NOTHING]


def test_points_of_am_and_pm_end_no_sentence():
    assert marked("9 a.m. 2 P. M.".lower()) == [
        Mark(number=9),
        Mark(Sense.MORNING),
        Mark(number=2),
        Mark(Sense.AFTERNOON),
    ]


def test_accents_and_case_make_no_difference():
    assert even("MAÑANA, a la Clínica") == "manana, a la clinica"


def test_a_name_leaves_a_gap_where_it_stands_as_a_whole():
    assert without("to st. mary s clinic now", "St Mary's Clinic") == "to ; now"
    assert without("to the clinics", "Clinic") is None
    assert without("anything", " ") is None
