"""A scope finds exactly what the rules permit, whatever the world looks like."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.drivers import queries as drivers
from dispatch.errors import NotFound
from dispatch.families import queries as families
from dispatch.notify import queries as notify
from dispatch.places import queries as places
from dispatch.planning import queries as planning
from dispatch.policy import Action, Actor, permits, scopes
from dispatch.rides import queries as rides
from tests.dispatch.policy.principals import NOW
from tests.security import world

WORLDS = 300
SCOPED = {
    "of_my_groups": (
        lambda actor: scopes.of_my_groups(actor, Row.group_id),
        (Action.SEE_FAMILY, Action.SEE_RIDE, Action.SEE_RUN, Action.SEE_MESSAGES),
    ),
    "of_me_as_driver": (
        lambda actor: scopes.of_me_as_driver(actor, Row.driver_id),
        (Action.SEE_OWN_RIDES, Action.ANSWER_OFFER),
    ),
    "of_my_groups_or_me": (
        lambda actor: scopes.of_my_groups_or_me(actor, Row.group_id, Row.driver_id),
        (Action.SEE_DRIVER, Action.REPORT_PROGRESS),
    ),
}
"""Each scope with actions whose rule says the same."""
GETS = {
    "family": (families.get_family, Action.SEE_FAMILY),
    "driver": (drivers.get_driver, Action.SEE_DRIVER),
    "place": (places.get_place, Action.SEE_PLACE),
    "home": (places.get_place, Action.SEE_PLACE),
    "request": (rides.get_request, Action.SEE_RIDE),
    "ride": (rides.get_ride, Action.SEE_RIDE),
    "run": (planning.get_run, Action.SEE_RUN),
    "proposal": (planning.get_proposal, Action.APPROVE_PROPOSAL),
    "assignment": (planning.get_assignment, Action.REPORT_PROGRESS),
    "offer": (planning.get_own_assignment, Action.ANSWER_OFFER),
    "message": (
        lambda session, actor, uid: notify.get_messages(session, actor, [uid])[0],
        Action.MARK_TOLD,
    ),
}
"""How a thing of each kind is found, and the action that finding it must agree with."""


class Rows(DeclarativeBase):
    """A database of its own: only what the law looks at."""


class Row(Rows):
    """Anything of a group that may name a driver."""

    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int]
    driver_id: Mapped[int | None]


@dataclass(frozen=True)
class World:
    """Rows, and who asks for them."""

    rows: list[tuple[int, int | None]]
    actor: Actor


GROUPS = st.integers(1, 4)
DRIVERS = st.integers(1, 4)
ACTORS = st.builds(
    Actor,
    user_id=st.none() | st.integers(1, 9),
    uid=st.just(UUID(int=1)),
    is_active=st.sampled_from([True, True, False]),
    is_steward=st.booleans(),
    coordinates=st.frozensets(GROUPS, max_size=3),
    drives=st.dictionaries(GROUPS, DRIVERS, max_size=3),
)
WORLD = st.builds(
    World,
    rows=st.lists(st.tuples(GROUPS, st.none() | DRIVERS), min_size=4, max_size=12),
    actor=ACTORS,
)


def found_by(clause: object, rows: Iterable[tuple[int, int | None]]) -> set[int]:
    """The numbers of the rows that a database finds by `clause`."""
    engine = create_engine("sqlite://")
    Rows.metadata.create_all(engine)
    values = [
        {"id": index, "group_id": group, "driver_id": driver}
        for index, (group, driver) in enumerate(rows)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Row), values)
        return set(connection.scalars(select(Row.id).where(clause)))


@pytest.mark.parametrize("scope", SCOPED)
def test_a_scope_finds_what_the_rules_permit(scope: str):
    clause_of, actions = SCOPED[scope]
    seen = {"found": 0, "passed over": 0}

    @settings(max_examples=WORLDS, derandomize=True)
    @given(WORLD)
    def agree(made: World) -> None:
        found = found_by(clause_of(made.actor), made.rows)
        seen["found"] += len(found)
        seen["passed over"] += len(made.rows) - len(found)
        for action in actions:
            permitted = {
                index
                for index, (group, driver) in enumerate(made.rows)
                if permits(made.actor, action, Row(group_id=group, driver_id=driver), NOW)
            }
            assert permitted == found

    agree()
    assert min(seen.values()) > WORLDS / 6


@pytest.mark.parametrize("kind", GETS)
def test_a_thing_is_found_by_those_who_may_know_of_it(kind: str, database, now):
    made = world.make(database, now)
    get, action = GETS[kind]
    finders = set()
    with database.session() as session:
        for side in (made.ours, made.theirs):
            thing = side.things[kind]
            for who, actor in made.actors.items():
                try:
                    found = get(session, actor, thing.uid)
                except NotFound:
                    found = None
                assert (found is not None) == permits(actor, action, thing, now), who
                if found is not None:
                    assert found.uid == thing.uid
                    finders.add(who)
    assert finders
    assert finders < set(made.actors)
