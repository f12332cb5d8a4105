"""A thing is found by exactly those who may know of it (random worlds: `tests/prove`)."""

from pathlib import Path

import pytest

from dispatch.drivers import queries as drivers
from dispatch.errors import NotFound
from dispatch.families import queries as families
from dispatch.notify import queries as notify
from dispatch.places import queries as places
from dispatch.planning import queries as planning
from dispatch.policy import Action, permits
from dispatch.policy import scopes as policy_scopes
from dispatch.rides import queries as rides
from tests.conftest import NOW
from tests.prove.figure import Workplace
from tests.prove.rows import scopes
from tests.security import world

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
        lambda session, actor, uid: notify.get_messages(session, actor, [uid], now=NOW)[0],
        Action.MARK_TOLD,
    ),
}
"""How a thing of each kind is found, and the action that finding it must agree with."""


def test_every_scope_finds_what_the_rules_permit(tmp_path: Path):
    assert scopes.prove(Workplace(folder=tmp_path, size=100)).holds
    written = {name for name in vars(policy_scopes) if name.startswith("of_")}
    assert written == set(scopes.SCOPED)


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
