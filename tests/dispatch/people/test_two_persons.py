"""What one asks for takes effect only when another says yes as well, in time."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.errors import Closed, Conflict, Forbidden, NotFound
from dispatch.people import two_persons
from dispatch.people.models import Group, Motion, User, UserState
from dispatch.people.two_persons import Matter
from dispatch.policy import Action, Actor
from tests.build import a_coordinator, a_driver, a_group, a_steward, driver_actor

THING = uuid4()


def _seats(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    motion.group.most_seats = motion.facts["seats"]


def _refuses(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    raise Conflict("not any more")


@pytest.fixture(autouse=True)
def matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No matters but those of these tests."""
    monkeypatch.setattr(two_persons, "_MATTERS", {})


@pytest.fixture
def seats(matters: None) -> Matter:
    """More seats take two persons."""
    return two_persons.register(Matter("seats", say=lambda *_: "More seats", carry_out=_seats))


@pytest.fixture
def group(any_session: Session) -> Group:
    return a_group(any_session)


@pytest.fixture
def asker(any_session: Session, group: Group) -> Actor:
    return a_coordinator(any_session, group)


@pytest.fixture
def other(any_session: Session, group: Group) -> Actor:
    return a_coordinator(any_session, group)


def _ask(
    session: Session, actor: Actor, matter: Matter, group: Group | None, now: datetime
) -> Motion:
    return two_persons.ask(
        session, actor, matter, subject_uid=THING, group=group, facts={"seats": 9}, now=now
    )


def test_nothing_changes_before_the_second_person(
    any_session: Session, group: Group, asker: Actor, other: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    assert group.most_seats == 6
    two_persons.second(any_session, other, motion, now=now)
    assert (group.most_seats, motion.seconded_by_id) == (9, other.user_id)


def test_who_asked_does_not_second(
    any_session: Session, group: Group, asker: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    with pytest.raises(NotFound):
        two_persons.second(any_session, asker, motion, now=now)
    assert group.most_seats == 6


def test_the_database_refuses_the_same_person_too(
    any_session: Session, group: Group, asker: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    with pytest.raises(IntegrityError):
        any_session.execute(
            update(Motion)
            .where(Motion.id == motion.id)
            .values(seconded_by_id=asker.user_id, seconded_at=now)
        )


def test_a_driver_neither_asks_nor_seconds(
    any_session: Session, group: Group, asker: Actor, seats: Matter, now: datetime
):
    driver = driver_actor(a_driver(any_session, group))
    with pytest.raises(Forbidden):
        _ask(any_session, driver, seats, group, now)
    motion = _ask(any_session, asker, seats, group, now)
    with pytest.raises(Forbidden):
        two_persons.second(any_session, driver, motion, now=now)


def test_a_coordinator_elsewhere_knows_nothing_of_it(
    any_session: Session, group: Group, asker: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    stranger = a_coordinator(any_session, a_group(any_session, name="Elsewhere"))
    assert two_persons.open_motions(any_session, stranger, now=now) == []
    with pytest.raises(NotFound):
        two_persons.get_motion(any_session, stranger, motion.uid)
    with pytest.raises(NotFound):
        two_persons.second(any_session, stranger, motion, now=now)


def test_what_the_whole_house_is_asked_concerns_every_coordinator(
    any_session: Session, asker: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, None, now)
    stranger = a_coordinator(any_session, a_group(any_session, name="Elsewhere"))
    assert two_persons.open_motions(any_session, stranger, now=now) == [motion]
    assert two_persons.get_motion(any_session, stranger, motion.uid) is motion


@pytest.mark.parametrize(("seconds", "works"), [(-1, True), (0, False), (1, False)])
def test_a_motion_ends_to_the_second(
    any_session: Session,
    group: Group,
    asker: Actor,
    seats: Matter,
    now: datetime,
    seconds: int,
    works: bool,
):
    steward = a_steward(any_session)
    motion = _ask(any_session, asker, seats, group, now)
    late = now + two_persons.A_DAY + timedelta(seconds=seconds)
    assert (two_persons.open_motions(any_session, steward, now=late) == [motion]) is works
    if works:
        two_persons.second(any_session, steward, motion, now=late)
    else:
        with pytest.raises(Closed):
            two_persons.second(any_session, steward, motion, now=late)
    assert (group.most_seats == 9) is works


def test_it_is_seconded_once(
    any_session: Session, group: Group, asker: Actor, other: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    two_persons.second(any_session, other, motion, now=now)
    group.most_seats = 6
    with pytest.raises(Closed):
        two_persons.second(any_session, a_steward(any_session), motion, now=now)
    assert group.most_seats == 6


def test_what_was_ended_is_seconded_no_more(
    any_session: Session, group: Group, asker: Actor, other: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    two_persons.end(any_session, asker, motion, now=now)
    assert two_persons.open_motion(any_session, seats, THING, now=now) is None
    with pytest.raises(Closed):
        two_persons.second(any_session, other, motion, now=now)


def test_a_suspended_account_is_no_first_person(
    any_session: Session, group: Group, asker: Actor, other: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    any_session.get_one(User, asker.user_id).state = UserState.SUSPENDED
    any_session.flush()
    with pytest.raises(Closed):
        two_persons.second(any_session, other, motion, now=now)
    assert group.most_seats == 6


def test_the_same_is_asked_once_at_a_time(
    any_session: Session, group: Group, asker: Actor, other: Actor, seats: Matter, now: datetime
):
    motion = _ask(any_session, asker, seats, group, now)
    with pytest.raises(Conflict):
        _ask(any_session, other, seats, group, now)
    assert two_persons.open_motion(any_session, seats, THING, now=now) is motion


def test_what_ran_out_can_be_asked_again(
    any_session: Session, group: Group, asker: Actor, seats: Matter, now: datetime
):
    _ask(any_session, asker, seats, group, now)
    again = _ask(any_session, asker, seats, group, now + two_persons.A_DAY)
    later = now + two_persons.A_DAY
    assert two_persons.open_motion(any_session, seats, THING, now=later) is again


def test_an_error_in_what_is_done_leaves_the_motion_open(
    any_session: Session, group: Group, asker: Actor, other: Actor, now: datetime
):
    fails = two_persons.register(Matter("fails", say=lambda *_: "", carry_out=_refuses))
    motion = _ask(any_session, asker, fails, group, now)
    any_session.commit()
    with pytest.raises(Conflict, match="not any more"):
        two_persons.second(any_session, other, motion, now=now)
    any_session.rollback()
    assert two_persons.open_motions(any_session, other, now=now) == [motion]


def test_asking_and_both_answers_are_on_record(
    any_session: Session, group: Group, asker: Actor, other: Actor, seats: Matter, now: datetime
):
    two_persons.second(any_session, other, _ask(any_session, asker, seats, group, now), now=now)
    two_persons.end(any_session, other, _ask(any_session, asker, seats, group, now), now=now)
    any_session.commit()
    told = any_session.execute(
        select(AuditEvent.actor_uid, AuditEvent.action).order_by(AuditEvent.position)
    )
    assert [tuple(one) for one in told] == [
        (asker.uid, Action.ASK_FOR_SECOND.value),
        (other.uid, Action.SECOND_MOTION.value),
        (asker.uid, Action.ASK_FOR_SECOND.value),
        (other.uid, Action.END_MOTION.value),
    ]


def test_no_two_matters_share_a_name(seats: Matter):
    with pytest.raises(ValueError, match="seats"):
        two_persons.register(seats)
