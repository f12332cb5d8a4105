"""The tables of the finished file."""

import sqlite3


def test_the_words_are_indexed_by_their_beginnings(imported):
    database = sqlite3.connect(imported)
    asked = "SELECT shown FROM street_words WHERE street_words MATCH 'name : wea*'"
    assert database.execute(asked).fetchall() == [("Wealthy Street Southeast",)]


def test_a_number_on_a_street_is_looked_up_by_an_index(imported):
    asked = "EXPLAIN QUERY PLAN SELECT * FROM address WHERE street = 1 AND plain = '12'"
    plan = sqlite3.connect(imported).execute(asked).fetchall()
    assert "USING INDEX address_number" in plan[0][3]
