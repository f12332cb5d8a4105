"""A driver looks at where to go: inside the ride's time only, and on the record before it sees."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.errors import Forbidden, NotFound
from dispatch.places import service as places
from dispatch.planning import service
from dispatch.planning.models import AssignmentState
from dispatch.planning.service import looking
from dispatch.policy import Action
from dispatch.rides.models import RideState
from tests.build import a_driver, a_family, a_public_place, a_ride, driver_actor

SECOND = timedelta(seconds=1)


class Looked:
    """An accepted ride that is in the database for good, and looks at it."""

    def __init__(self, world) -> None:
        self.world = world
        vault = vault_of(world.session)
        world.ride.request.seal("sealed_notes", "Ring twice", vault)
        self.assignment = world.accepted()
        self.opens_at = self.assignment.pickup_at - world.group.grant_before
        self.closes_at = self.assignment.dropoff_at + world.group.grant_after
        world.session.commit()

    def look(self, at, actor=None):
        world = self.world
        return service.look(world.session, actor or world.marta, self.assignment, now=at)

    def where_next(self, at):
        world = self.world
        return service.where_next(world.session, world.marta, self.assignment, now=at)


@pytest.fixture
def looked(world):
    return Looked(world)


def notes_in(database, action=Action.MEET_FAMILY):
    """How each look ended, as another connection sees it."""
    with database.transaction(reads_only=True) as other:
        found = select(AuditEvent).where(AuditEvent.action == action.value)
        return [one.outcome for one in other.scalars(found.order_by(AuditEvent.position))]


@pytest.mark.parametrize("edge", ["opens_at", "closes_at"])
def test_a_second_outside_the_rides_time_nothing_is_shown(looked, any_database, edge):
    outside = looked.opens_at - SECOND if edge == "opens_at" else looked.closes_at
    with pytest.raises(NotFound):
        looked.look(outside)
    assert notes_in(any_database) == [audit.REFUSED]


@pytest.mark.parametrize("edge", ["opens_at", "closes_at"])
def test_a_second_inside_the_rides_time_the_door_is_shown(looked, edge):
    inside = looked.opens_at if edge == "opens_at" else looked.closes_at - SECOND
    shown = looked.look(inside)
    assert shown.pickup.line == "48 Larch Row"
    assert (shown.first_name, shown.notes) == ("Carmen", "Ring twice")


def test_a_public_place_needs_no_address(looked):
    assert looked.look(looked.opens_at).dropoff is None


def test_from_one_public_place_to_another_only_the_name_is_shown(world):
    clinic = a_public_place(world.session, world.group, "Harbour Court")
    ride = a_ride(world.session, world.group, pickup_place=clinic)
    (assignment,) = world.approve(world.propose(ride, a_driver(world.session, world.group)))
    yusuf = driver_actor(assignment.driver)
    service.accept(world.session, yusuf, assignment, now=world.now)
    world.session.commit()
    shown = service.look(world.session, yusuf, assignment, now=assignment.pickup_at)
    assert (shown.pickup, shown.dropoff, shown.first_name) == (None, None, "Carmen")


@pytest.mark.parametrize(
    ("opener", "action"), [(looking, Action.MEET_FAMILY), (places, Action.READ_ADDRESS)]
)
def test_the_look_is_on_the_record_before_anything_is_opened(
    looked, any_database, monkeypatch, opener, action
):
    seen = []

    def open_vault(session):
        seen.append(notes_in(any_database, action))
        return vault_of(session)

    monkeypatch.setattr(opener, "vault_of", open_vault)
    looked.look(looked.opens_at)
    assert seen == [[audit.DONE]]


def test_where_next_is_the_door_until_they_are_on_board_then_the_point_of_a_public_place(looked):
    world, assignment = looked.world, looked.assignment
    world.group.lets_navigate = True
    world.session.commit()
    assert looked.where_next(assignment.pickup_at) == "48 Larch Row"
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, at=assignment.pickup_at)
    clinic = world.ride.dropoff_place
    found = looked.where_next(assignment.pickup_at)
    assert found == f"{clinic.latitude},{clinic.longitude}"


def test_a_look_for_a_map_app_is_on_the_record_as_one(looked, any_database):
    looked.world.group.lets_navigate = True
    looked.world.session.commit()
    looked.where_next(looked.assignment.pickup_at)
    assert notes_in(any_database, Action.NAVIGATE) == [audit.DONE]


def test_unless_its_group_lets_it_no_map_app_hears_of_a_place(looked, any_database):
    with pytest.raises(NotFound):
        looked.where_next(looked.assignment.pickup_at)
    assert notes_in(any_database, Action.NAVIGATE) == [audit.REFUSED]
    assert looked.look(looked.assignment.pickup_at).pickup.line == "48 Larch Row"


def test_outside_the_rides_time_nor_does_one_that_is_let(looked):
    looked.world.group.lets_navigate = True
    looked.world.session.commit()
    with pytest.raises(NotFound):
        looked.where_next(looked.opens_at - SECOND)


@pytest.mark.parametrize("how", ["released", "cancelled", "given back"])
def test_once_the_ride_is_taken_away_nothing_is_shown(looked, how):
    world, assignment = looked.world, looked.assignment
    if how == "released":
        service.release(world.session, world.rosa, assignment, now=world.now)
    elif how == "given back":
        service.decline_offer(world.session, world.marta, assignment, now=world.now)
    else:
        service.cancel_ride(
            world.session,
            world.rosa,
            world.ride,
            reason="sick",
            version=world.ride.version,
            now=world.now,
        )
    world.session.commit()
    with pytest.raises(NotFound):
        looked.look(assignment.pickup_at)


def test_an_offer_that_was_not_accepted_shows_nothing(world):
    (assignment,) = world.approve()
    world.session.commit()
    with pytest.raises(NotFound):
        service.look(world.session, world.marta, assignment, now=assignment.pickup_at)


def test_another_driver_sees_nothing_at_any_time(looked):
    world = looked.world
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    world.session.commit()
    with pytest.raises(NotFound):
        looked.look(looked.assignment.pickup_at, other)


def test_a_suspended_driver_sees_nothing_and_that_is_noted(looked, any_database):
    with pytest.raises(Forbidden):
        looked.look(looked.opens_at, replace(looked.world.marta, is_active=False))
    assert notes_in(any_database) == [audit.REFUSED]


def test_who_was_done_early_sees_nothing_once_the_groups_time_is_over(looked):
    world, pickup_at = looked.world, looked.assignment.pickup_at
    steps = (RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE)
    world.report(looked.assignment, *steps, at=pickup_at + SECOND)
    world.session.commit()
    over = pickup_at + SECOND + world.group.grant_after
    assert over < looked.closes_at
    assert looked.look(over - SECOND).first_name == "Carmen"
    with pytest.raises(NotFound):
        looked.look(over)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("604-555-0131", "(604) ••• ••31"),
        ("+1 604 555 0131", "(604) ••• ••31"),
        ("555-0131", "••• ••31"),
        ("0131", "••••"),
        ("", ""),
    ],
)
def test_a_masked_number_is_known_again_and_not_dialled(number: str, shown: str):
    assert looking.masked(number) == shown


@pytest.mark.parametrize("edge", ["opens_at", "closes_at"])
def test_the_phone_opens_and_closes_to_the_second(looked, edge):
    instant = getattr(looked, edge)
    inside, outside = (
        (instant, instant - SECOND) if edge == "opens_at" else (instant - SECOND, instant)
    )
    world = looked.world
    assert service.read_phone(world.session, world.marta, looked.assignment, now=inside)
    with pytest.raises(NotFound):
        service.read_phone(world.session, world.marta, looked.assignment, now=outside)


def test_between_two_private_doors_both_are_shown(world):
    family = a_family(world.session, world.group)
    ride = a_ride(world.session, world.group, dropoff_place=family.place)
    (assignment,) = world.approve(world.propose(ride, a_driver(world.session, world.group)))
    yusuf = driver_actor(assignment.driver)
    service.accept(world.session, yusuf, assignment, now=world.now)
    world.session.commit()
    shown = service.look(world.session, yusuf, assignment, now=assignment.pickup_at)
    assert shown.pickup.line == shown.dropoff.line == "48 Larch Row"


def test_what_is_not_known_of_a_family_is_empty(looked):
    vault, ride = vault_of(looked.world.session), looked.world.ride
    assert looked.look(looked.opens_at).masked_phone == "(604) ••• ••17"
    ride.family.seal("sealed_name", None, vault)
    ride.family.seal("sealed_phone", None, vault)
    ride.request.seal("sealed_notes", None, vault)
    looked.world.session.commit()
    shown = looked.look(looked.opens_at)
    assert (shown.first_name, shown.notes, shown.masked_phone) == ("", "", "")
    phone = service.read_phone(
        looked.world.session, looked.world.marta, looked.assignment, now=looked.opens_at
    )
    assert phone == ""


def test_a_look_is_noted_as_one_at_the_assignment(looked, any_database):
    looked.look(looked.opens_at)
    with any_database.transaction(reads_only=True) as other:
        chosen = select(AuditEvent).where(AuditEvent.action == Action.MEET_FAMILY.value)
        note = other.scalars(chosen).one()
        ride = looked.world.ride
        assert (note.object_uid, note.family_uid) == (looked.assignment.uid, ride.family.uid)
        assert (note.ride_uid, note.at) == (ride.uid, looked.opens_at)


def test_the_ride_is_read_as_it_is_now_and_stays_so_until_the_note(looked, monkeypatch):
    session, read = looked.world.session, []
    refresh = session.refresh

    def note(row, **how):
        read.append((row, how))
        refresh(row, **how)

    monkeypatch.setattr(session, "refresh", note)
    looked.look(looked.opens_at)
    assert read == [
        (looked.assignment, {"with_for_update": {"read": True}}),
        (looked.assignment, {"attribute_names": ["grants"]}),
    ]


HOUR = timedelta(hours=1)


def a_grant(now, before=0, after=0, revoked_at=None):
    return SimpleNamespace(
        starts_at=now - before * HOUR, ends_at=now + after * HOUR, revoked_at=revoked_at
    )


def in_question(now, grants=(), state=AssignmentState.ACCEPTED, is_closed=False, **setting):
    assignment = SimpleNamespace(
        driver_id=1,
        group_id=2,
        state=state,
        pickup_at=now,
        dropoff_at=now + HOUR,
        grants=grants,
        ride=SimpleNamespace(family=SimpleNamespace(is_closed=is_closed)),
    )
    settings = {"grant_before": 2 * HOUR, "grant_after": 3 * HOUR, "lets_navigate": False}
    group = SimpleNamespace(**settings | setting)
    return looking.in_question(assignment, group)


def test_grants_that_live_say_the_time_and_without_any_the_group_does(now):
    revoked = a_grant(now, 9, 9, revoked_at=now)
    asked = in_question(now, [a_grant(now, 1, 1), a_grant(now, 2, 3), a_grant(now, 1, 1), revoked])
    assert (asked.opens_at, asked.closes_at) == (now - 2 * HOUR, now + 3 * HOUR)
    for grants in ([], [revoked]):
        asked = in_question(now, grants)
        assert (asked.opens_at, asked.closes_at) == (now - 2 * HOUR, now + 4 * HOUR)
    assert (asked.driver_id, asked.group_id) == (1, 2)


@pytest.mark.parametrize("lets", [True, False])
def test_whether_a_map_app_is_let_is_what_the_group_says(now, lets):
    assert in_question(now, lets_navigate=lets).may_navigate is lets


@pytest.mark.parametrize("state", AssignmentState)
def test_only_an_accepted_ride_of_an_open_family_is_looked_at(now, state):
    accepted = state in (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)
    assert in_question(now, state=state).is_accepted is accepted
    assert not in_question(now, state=state, is_closed=True).is_accepted
