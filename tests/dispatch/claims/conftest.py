"""A group whose party was brought somewhere and has no way back, and a driver who could."""

from datetime import timedelta

import pytest

from dispatch.people.facts import Claims
from dispatch.rides.models import Leg
from tests.build import TEN, a_ride
from tests.dispatch.planning.service.world import World


class Stranded(World):
    """The world of planning, with a way back that nobody has."""

    def __init__(self, session, now, claims=Claims.ASK) -> None:
        super().__init__(session, now)
        self.group.claims = claims
        out = self.ride
        self.back = a_ride(
            session,
            self.group,
            family=out.family,
            request=out.request,
            leg=Leg.RETURN,
            outbound=out,
            pickup_place=out.dropoff_place,
            dropoff_place=out.pickup_place,
            window_starts_at=TEN + timedelta(hours=1),
            window_ends_at=TEN + timedelta(hours=2),
        )
        session.flush()


@pytest.fixture
def world(any_session, now):
    """Of a group whose drivers raise the hand."""
    return Stranded(any_session, now)


@pytest.fixture
def taking(any_session, now):
    """Of a group whose drivers take rides."""
    return Stranded(any_session, now, Claims.TAKE)
