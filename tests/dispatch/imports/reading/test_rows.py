"""Rows as they were read: they hold a person's things and show none of them."""

import pytest

from dispatch.imports.reading.rows import DriverRow, RequestRow
from tests.dispatch.imports.reading.sheets import drivers, requests


def _request() -> RequestRow:
    (taken,) = requests({"Home": "12 Alder Street, apt 4b", "Note": "Ring twice."})
    return taken.value


def _driver() -> DriverRow:
    (taken,) = drivers({"Home": "14 Alder Street, apt 7c"})
    return taken.value


PERSONAL = [
    (_request, ["Ana", "604-555-0001", "Alder", "4B", "49.25", "Clinic", "Ring"]),
    (_driver, ["Luz", "luz@example.org", "Alder", "7C", "49.25"]),
]


@pytest.mark.parametrize(("read", "secrets"), PERSONAL)
def test_a_row_keeps_personal_things_out_of_its_repr(read, secrets: list[str]):
    shown = repr(read())
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.parametrize(("read", "secrets"), PERSONAL)
def test_a_row_does_hold_them(read, secrets: list[str]):
    held = str(
        [
            getattr(value, name)
            for value in (read(), read().home, getattr(read(), "dropoff", read().home))
            for name in value.__dataclass_fields__
        ]
    )
    assert [secret for secret in secrets if secret not in held] == []


def test_the_family_and_the_day_tell_a_request_apart():
    assert "F001" in repr(_request())
    assert "2027, 3, 9" in repr(_request())
