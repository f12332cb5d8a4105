"""Open and settled incidents, for the own desk alone."""

import pytest

from dispatch.errors import NotFound
from dispatch.incidents import queries, service
from dispatch.incidents.models import IncidentKind
from tests.build import a_coordinator, a_group


def write(world):
    return service.write_down(
        world.session,
        world.rosa,
        world.ride,
        kind=IncidentKind.OTHER,
        note="Something.",
        told=[],
        now=world.now,
    )


def test_open_ones_wait_until_they_are_settled(world):
    first, second = write(world), write(world)
    found = lambda: (  # noqa: E731 -- the same question before and after
        queries.open_incidents(world.session, world.rosa, world.group),
        queries.settled_incidents(world.session, world.rosa, world.group),
    )
    assert found() == ([first, second], [])
    service.settle(world.session, world.rosa, first, now=world.now)
    assert found() == ([second], [first])


def test_another_desk_finds_none(world):
    incident = write(world)
    stranger = a_coordinator(world.session, a_group(world.session))
    assert queries.open_incidents(world.session, stranger, world.group) == []
    assert queries.get_incident(world.session, world.rosa, incident.uid) is incident
    for actor in (stranger, world.marta):
        with pytest.raises(NotFound):
            queries.get_incident(world.session, actor, incident.uid)
