"""The columns of the four sheets."""

import pytest

from dispatch.imports.reading.layouts import ADDRESSES, DRIVERS, PLACES, REQUESTS
from dispatch.imports.reading.tables import Layout
from dispatch.imports.reading.words import squash

ALL = [REQUESTS, DRIVERS, PLACES, ADDRESSES]


@pytest.mark.parametrize("layout", ALL)
def test_no_name_of_a_column_means_two_things(layout: Layout):
    meanings: dict[str, set[str]] = {}
    for field, names in layout.columns.items():
        for name in names:
            meanings.setdefault(squash(name), set()).add(field)
    assert {name: fields for name, fields in meanings.items() if len(fields) > 1} == {}


@pytest.mark.parametrize("layout", ALL)
def test_no_name_is_listed_twice(layout: Layout):
    for names in layout.columns.values():
        assert len({squash(name) for name in names}) == len(names)


@pytest.mark.parametrize("layout", ALL)
def test_what_is_required_has_a_column(layout: Layout):
    assert layout.required
    assert layout.required <= set(layout.columns)


@pytest.mark.parametrize("header", ["Días sin manejar", "dias sin manejar", "Days off"])
def test_days_without_driving_have_their_column(header: str):
    assert squash(header) in {squash(name) for name in DRIVERS.columns["away"]}


def test_every_weekday_has_its_column():
    assert {"mon", "tue", "wed", "thu", "fri", "sat", "sun"} < set(DRIVERS.columns)
