"""Somebody has decided of every table how long what is in it is kept, and who carries it out."""

from dispatch import schema
from dispatch.erasing.service.sweeps import sweeps
from dispatch.retention import TERMS

GOES_WITH = {
    "family": "a family takes along whatever refers to it",
    "people": "a person takes along whatever refers to it, but for what it did",
    "log": "the log lets go of its oldest rows by itself",
}
"""Lines of the table that are no sweep, with who carries them out."""


def undecided(tables: set[str]) -> set[str]:
    """The tables of which nobody has said how long they are kept: they belong into the table of
    `dispatch.retention`, and what ends by itself also among the sweeps."""
    return tables - {table for term in TERMS for table in term.tables}


def test_every_table_stands_in_one_line():
    tables = set(schema.metadata().tables)
    named = [table for term in TERMS for table in term.tables]
    assert undecided(tables) == set()
    assert sorted(named) == sorted(tables)


def test_a_table_that_nobody_decided_on_is_found():
    assert undecided({"family", "diary"}) == {"diary"}


def test_every_line_with_an_end_is_carried_out():
    ends = {term.name for term in TERMS if term.period is not None}
    assert ends == {sweep.term for sweep in sweeps()} | set(GOES_WITH)
