"""Links to one's rides, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import Forbidden, Frozen, NotFound
from dispatch.feeds import service
from dispatch.feeds.models import RideFeed
from dispatch.people import service as people
from dispatch.people.freezing import Freeze
from dispatch.people.models import UserState
from dispatch.planning import service as planning
from dispatch.planning.coarse import pickup_between
from tests.build import a_driver, a_steward, driver_actor
from tests.dispatch.planning.service.world import PICKUP, World


@pytest.fixture
def world(any_session, now):
    return World(any_session, now)


@pytest.fixture
def token(world):
    return service.make_link(world.session, world.marta, world.driver, now=world.now)


def shown(world, token, now=None):
    return service.entries(world.session, token, now=now or world.now)[1]


def test_the_link_is_kept_nowhere(world, token):
    (row,) = world.session.scalars(select(RideFeed))
    assert token.encode() not in row.token_hash
    assert service.has_link(world.session, world.marta, world.driver, now=world.now)


def test_it_shows_when_the_own_rides_are_about_and_never_the_planned_minute(world, token):
    assert shown(world, token) == []
    (offer,) = world.approve()
    (entry,) = shown(world, token)
    assert (entry.uid, entry.is_promised) == (offer.uid, False)
    assert entry.between == pickup_between(world.ride)
    assert PICKUP not in entry.between
    planning.accept(world.session, world.marta, offer, now=world.now)
    assert shown(world, token)[0].is_promised


def test_rides_of_others_and_rides_given_back_are_not_in_it(world, token):
    world.assign(a_driver(world.session, world.group, name="Yusuf"))
    assert shown(world, token) == []
    (mine,) = world.assign(world.driver)
    assert len(shown(world, token)) == 1
    planning.release(world.session, world.rosa, mine, now=world.now)
    assert shown(world, token) == []


@pytest.mark.parametrize(
    ("away", "number"),
    [
        (-service.AHEAD, 1),
        (-service.AHEAD - timedelta(seconds=1), 0),
        (service.PAST, 1),
        (service.PAST + timedelta(seconds=1), 0),
    ],
)
def test_it_sees_so_far(world, token, away, number):
    world.approve()
    assert len(shown(world, token, PICKUP + away)) == number


def test_a_new_link_ends_the_one_before(world, token):
    newer = service.make_link(world.session, world.marta, world.driver, now=world.now)
    assert shown(world, newer) == []
    with pytest.raises(NotFound):
        shown(world, token)


def test_an_ended_link_shows_nothing(world, token):
    service.end_link(world.session, world.marta, world.driver, now=world.now)
    with pytest.raises(NotFound):
        shown(world, token)
    assert not service.has_link(world.session, world.marta, world.driver, now=world.now)


def test_words_that_are_no_link_show_nothing(world, token):
    for wrong in ("", token[:-1], token + "a", "x" * 5000):
        with pytest.raises(NotFound):
            shown(world, wrong)


def test_a_closed_account_loses_its_link_for_good(world, token):
    steward = a_steward(world.session)
    people.suspend(world.session, steward, world.driver.user, now=world.now)
    with pytest.raises(NotFound):
        shown(world, token)
    people.restore(world.session, steward, world.driver.user, now=world.now)
    with pytest.raises(NotFound):
        shown(world, token)


def test_a_row_that_a_closed_account_kept_shows_nothing(world, token):
    world.driver.user.state = UserState.SUSPENDED
    with pytest.raises(NotFound):
        shown(world, token)


def test_while_all_is_paused_it_shows_nothing(world, token):
    world.session.add(Freeze(began_at=world.now))
    world.session.flush()
    for asked in (token, "no such link"):
        with pytest.raises(Frozen):
            shown(world, asked)


def test_nobody_else_makes_sees_or_ends_it(world, token):
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    for actor in (other, world.rosa):
        for do in (service.make_link, service.end_link, service.has_link):
            with pytest.raises((Forbidden, NotFound)):
                do(world.session, actor, world.driver, now=world.now)
    assert shown(world, token) == []
