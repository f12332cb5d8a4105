"""`can` and `scope` agree: what a query finds is what the rules permit, in random worlds."""

import random
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, create_engine, delete, insert, select, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.policy import Action, Actor, permits, scopes
from tests.dispatch.policy.principals import NOW
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="`can` and `scope` agree: every scope against its rules, in random worlds",
    must="10,000 worlds, 0 differences",
    quick=300,
    full=10_000,
)


class Rows(DeclarativeBase):
    """A database of its own: only what the law looks at."""


class Thing(Rows):
    """Anything of a group that may name a driver."""

    __tablename__ = "thing"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int]
    driver_id: Mapped[int | None]
    family_id: Mapped[int | None]


@dataclass(frozen=True)
class World:
    """Things by group, driver and family, and who asks for them."""

    things: list[tuple[int, int | None, int | None]]
    actor: Actor


SCOPED = {
    "of_my_groups": (
        lambda actor: scopes.of_my_groups(actor, Thing.group_id),
        (Action.SEE_FAMILY, Action.SEE_RIDE, Action.SEE_RUN, Action.SEE_MESSAGES),
    ),
    "of_me_as_driver": (
        lambda actor: scopes.of_me_as_driver(actor, Thing.driver_id),
        (Action.SEE_OWN_RIDES, Action.ANSWER_OFFER),
    ),
    "of_groups_i_drive_for": (
        lambda actor: scopes.of_groups_i_drive_for(actor, Thing.group_id),
        (Action.CLAIM_RIDE,),
    ),
    "of_my_family": (
        lambda actor: scopes.of_my_family(actor, Thing.family_id),
        (Action.SEE_OWN_FAMILY, Action.CONFIRM_RIDE),
    ),
    "of_my_groups_or_me": (
        lambda actor: scopes.of_my_groups_or_me(actor, Thing.group_id, Thing.driver_id),
        (Action.SEE_DRIVER, Action.REPORT_PROGRESS),
    ),
}
"""Each scope with actions whose rule says the same."""


def prove(at: Workplace) -> Figure:
    """Compare every scope with its rules in `at.size` worlds."""
    chance = random.Random(20_270_309)  # noqa: S311 the same worlds every time
    engine = create_engine("sqlite://")
    Rows.metadata.create_all(engine)
    different = found = passed_over = controls = 0
    with engine.connect() as connection:
        for number in range(at.size):
            world = _world(chance)
            connection.execute(delete(Thing))
            connection.execute(
                insert(Thing),
                [
                    {"id": index, "group_id": group, "driver_id": driver, "family_id": family}
                    for index, (group, driver, family) in enumerate(world.things)
                ],
            )

            def ids(clause: ColumnElement[bool]) -> set[int]:
                return set(connection.scalars(select(Thing.id).where(clause)))

            for clause_of, actions in SCOPED.values():
                seen = ids(clause_of(world.actor))
                found += len(seen)
                passed_over += len(world.things) - len(seen)
                different += _differences(world, actions, seen)
            if number % 10 == 0:  # a scope that hides nothing has to be noticed
                controls += _differences(world, (Action.SEE_FAMILY,), ids(true())) > 0
            at.told(number / at.size)
    engine.dispose()
    control(controls > at.size / 20, "a scope that hides nothing")
    control(min(found, passed_over) > at.size / 2, "worlds with something to find and to hide")
    return Figure(
        looked_at=at.size,
        unit="worlds",
        measured=f"{different} differences",
        holds=different == 0,
        controls=controls,
    )


def _differences(world: World, actions: tuple[Action, ...], seen: set[int]) -> int:
    """How many things the rules and `seen` disagree about."""
    different = 0
    for action in actions:
        permitted = {
            index
            for index, (group, driver, family) in enumerate(world.things)
            if permits(
                world.actor,
                action,
                Thing(group_id=group, driver_id=driver, family_id=family),
                NOW,
            )
        }
        different += len(permitted ^ seen)
    return different


def _world(chance: random.Random) -> World:
    groups = drivers = families = (1, 2, 3, 4)
    actor = Actor(
        user_id=chance.choice([None, *range(1, 9)]),
        uid=UUID(int=1),
        is_active=chance.random() < 0.7,
        is_steward=chance.random() < 0.5,
        family_id=chance.choice([None, *families]),
        coordinates=frozenset(chance.sample(groups, chance.randint(0, 3))),
        drives={group: chance.choice(drivers) for group in chance.sample(groups, 2)},
    )
    things = [
        (chance.choice(groups), chance.choice([None, *drivers]), chance.choice([None, *families]))
        for _ in range(chance.randint(4, 12))
    ]
    return World(things, actor)
