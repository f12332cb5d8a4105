"""What can go wrong, with the status and the sentences that it carries."""

import pytest

from dispatch import errors
from dispatch.errors import Closed, Conflict, DispatchError, Refused, Stale, TooMany

STATUSES = {
    "NotFound": 404,
    "Forbidden": 403,
    "Refused": 422,
    "Conflict": 409,
    "Stale": 409,
    "TooMany": 429,
    "Closed": 410,
    "Frozen": 503,
}


def test_every_error_has_the_status_that_the_table_says():
    found = {
        name: kind.status
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, DispatchError) and kind is not DispatchError
    }
    assert found == STATUSES
    assert all(
        f"{name} " in errors.__doc__ and str(STATUSES[name]) in errors.__doc__ for name in found
    )


def test_a_refusal_carries_every_reason():
    assert Refused("Too many riders.", "In the past.").reasons == [
        "Too many riders.",
        "In the past.",
    ]


@pytest.mark.parametrize("kind", [Conflict, Stale, Closed])
def test_what_somebody_else_did_is_one_sentence(kind: type[Conflict | Closed]):
    assert kind("Somebody was first.").sentence == "Somebody was first."


def test_what_is_stale_is_a_conflict():
    assert isinstance(Stale("Older."), Conflict)


def test_a_limit_says_how_long_to_wait():
    assert TooMany(90).seconds == 90
