"""A group's real week: every row read as a person would, or refused with the right sentence."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.imports.reading.addresses import AddressBook, Match
from dispatch.imports.reading.drivers import read_drivers
from dispatch.imports.reading.known import read_addresses, read_places
from dispatch.imports.reading.layouts import ADDRESSES, DRIVERS, PLACES, REQUESTS
from dispatch.imports.reading.outcome import NoteKind, Refused, Taken
from dispatch.imports.reading.requests import read_requests
from dispatch.imports.reading.tables import Layout, Table, read_table
from tests.dispatch.imports.reading.sheets import sentences

TODAY = date(2027, 3, 1)


@pytest.fixture
def sheet(shared_data: Callable[..., Path]) -> Callable[[str, Layout], Table]:
    """A function from the name of a sheet of the week to its table."""
    return lambda name, layout: read_table(shared_data("data", "week", name).read_bytes(), layout)


@pytest.fixture
def book(sheet) -> AddressBook:
    """What the week's sheets of places and addresses know."""
    addresses = read_addresses(sheet("addresses.csv", ADDRESSES))
    places = read_places(sheet("places.csv", PLACES))
    assert all(isinstance(outcome, Taken) for outcome in (*addresses, *places))
    return AddressBook([one.value for one in addresses], [one.value for one in places])


@pytest.fixture
def outcomes(sheet, book):
    """What comes of the week's requests."""
    zone = ZoneInfo("America/Vancouver")
    return read_requests(sheet("requests.csv", REQUESTS), book, zone=zone, today=TODAY)


def test_the_rows_nobody_could_drive_are_refused_and_no_others(outcomes):
    refused = {one.number: sentences(one) for one in outcomes if isinstance(one, Refused)}
    said = {
        2: "No place called",
        12: "25:70 is not a time",
        19: "which child seats",
        25: "not after the appointment",
        31: "home is missing",
        42: "same as row 14",
        47: "2027-02-30 is not in the calendar",
        58: "17 riders",
        116: "No house 99999 on Nowhere Street",
    }
    assert refused.keys() == said.keys()
    assert all(part in refused[number][0] for number, part in said.items())
    assert len(refused[116]) == 2
    assert len(outcomes) == 120


def test_every_day_read_is_one_of_the_week(outcomes):
    days = {one.value.service_on for one in outcomes if isinstance(one, Taken)}
    assert days == {date(2027, 3, day) for day in range(8, 15)}


def test_misspelt_homes_are_mended_as_a_person_would(outcomes):
    mended = {
        one.number: one.value.home.label
        for one in outcomes
        if isinstance(one, Taken) and one.value.home.match is Match.CORRECTED
    }
    assert mended == {
        49: "1626 West 2nd Avenue, Vancouver",
        53: "365 West Broadway, Vancouver",
        74: "588 Burrard Street, Vancouver",
    }


def test_north_vancouver_stays_apart(outcomes):
    north = {
        one.value.family
        for one in outcomes
        if isinstance(one, Taken) and "North Vancouver" in one.value.home.label
    }
    assert north == {"F239", "F095", "F243", "F360"}


def test_every_driver_is_taken_with_ten_homes_mended(sheet, book):
    outcomes = read_drivers(sheet("drivers.csv", DRIVERS), book, today=TODAY)
    assert len(outcomes) == 80
    assert all(isinstance(one, Taken) for one in outcomes)
    mended = [n for one in outcomes for n in one.notes if n.kind is NoteKind.CORRECTED]
    assert len(mended) == 10
