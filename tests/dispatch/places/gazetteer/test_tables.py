"""The tables of the finished file."""

import sqlite3
from contextlib import closing


def rows(path, asked):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(asked).fetchall()


def test_the_words_are_indexed_by_their_beginnings(imported):
    asked = "SELECT shown FROM street_words WHERE street_words MATCH 'name : wea*'"
    assert rows(imported, asked) == [("Wealthy Street Southeast",)]


def test_a_number_on_a_street_is_looked_up_by_an_index(imported):
    asked = "EXPLAIN QUERY PLAN SELECT * FROM address WHERE street = 1 AND plain = '12'"
    plan = rows(imported, asked)
    assert "USING INDEX address_number" in plan[0][3]
