"""An incident is sealed, read on record, settled once, and goes with its family."""

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, Conflict, Forbidden, NotFound
from dispatch.incidents import service
from dispatch.incidents.models import Incident, IncidentKind, Told
from dispatch.policy import Action
from tests.build import a_coordinator, a_group

NOTE = "The door was hit by a van on Larch Row."


def write(world, actor=None):
    return service.write_down(
        world.session,
        actor or world.rosa,
        world.ride,
        kind=IncidentKind.ACCIDENT,
        note=NOTE,
        told=[Told.FAMILY],
        now=world.now,
    )


def actions(world):
    world.session.commit()
    found = select(AuditEvent).order_by(AuditEvent.id)
    return [
        (event.action, event.family_uid)
        for event in world.session.scalars(found)
        if event.action.startswith("incident:")
    ]


def test_it_is_sealed_with_the_family_and_on_record(world):
    incident = write(world)
    assert NOTE not in str(incident.sealed_note)
    assert incident.unseal("sealed_note", vault_of(world.session)) == NOTE
    assert incident.key_owner == world.ride.family.uid
    assert (incident.told, incident.happened_on) == (["family"], world.ride.service_on)
    assert actions(world) == [(Action.WRITE_INCIDENT.value, world.ride.family.uid)]


def test_each_look_is_on_record(world):
    incident = write(world)
    assert service.read_note(world.session, world.rosa, incident, now=world.now) == NOTE
    assert actions(world)[-1] == (Action.READ_INCIDENT.value, world.ride.family.uid)


def test_it_is_settled_once(world):
    incident = write(world)
    service.settle(world.session, world.rosa, incident, now=world.now)
    assert (incident.settled_at, incident.settled_by_id) == (world.now, world.rosa.user_id)
    with pytest.raises(Conflict):
        service.settle(world.session, world.rosa, incident, now=world.now)


def test_of_a_family_that_withdrew_nothing_is_read_and_nothing_new_is_kept(world):
    incident = write(world)
    world.ride.family.withdrawn_at = world.now
    world.session.commit()
    with pytest.raises(NotFound):
        service.read_note(world.session, world.rosa, incident, now=world.now)
    with pytest.raises(Closed):
        write(world)


def test_neither_drivers_nor_other_desks_write_or_read(world):
    incident = write(world)
    stranger = a_coordinator(world.session, a_group(world.session))
    world.session.commit()
    for actor, refusal in ((world.marta, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            write(world, actor)
        with pytest.raises(refusal):
            service.read_note(world.session, actor, incident, now=world.now)
        with pytest.raises(refusal):
            service.settle(world.session, actor, incident, now=world.now)
    assert len(world.session.scalars(select(Incident)).all()) == 1
