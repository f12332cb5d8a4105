"""A family or an account is erased in both stores, wherever a crash came between."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import mark_of
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing import queries
from dispatch.erasing.models import Erasure, ErasureState
from dispatch.erasing.service import owners, running
from dispatch.families.models import Family
from dispatch.people.models import User
from dispatch.places.models import Place
from dispatch.rides.models import RideState
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW


class Crash(BaseException):
    """The process dies here."""


@pytest.fixture
def families(any_database: Database) -> tuple[UUID, UUID]:
    """One that withdrew, with a ride, and one that stays."""
    with any_database.transaction() as session:
        group = build.a_group(session)
        leaves, stays = build.a_family(session, group), build.a_family(session, group)
        leaves.withdrawn_at = NOW
        ride = scene.a_past_ride(session, group, leaves, 3)
        scene.driven_by(session, ride, build.a_driver(session, group))
        scene.told(session, ride, 1)
        return leaves.uid, stays.uid


def due_of(database: Database) -> list[queries.Due]:
    with database.transaction(reads_only=True) as session:
        return queries.due_families(session, now=NOW)


def left_of(database: Database, uid: UUID) -> tuple[list, list, list]:
    """Rows that still tell of a family."""
    with database.transaction(reads_only=True) as session:
        found = session.scalars(select(Family).where(Family.uid == uid)).all()
        doors = session.scalars(select(Place).where(Place.owner_uid == uid)).all()
        erasures = session.scalars(select(Erasure).where(Erasure.owner_uid == uid)).all()
    return list(found), list(doors), list(erasures)


def test_an_erased_family_leaves_a_receipt_and_nothing_else(
    any_database: Database, families: tuple[UUID, UUID]
):
    gone, stays = families
    (due,) = due_of(any_database)
    owners.erase(any_database, due, now=NOW)
    rows, doors, (receipt,) = left_of(any_database, gone)
    assert (rows, doors) == ([], [])
    assert receipt.state is ErasureState.ERASED
    assert receipt.checked
    assert receipt.rows == {
        "family": 1,
        "place": 1,
        "ride_request": 1,
        "ride": 1,
        "assignment": 1,
        "message": 1,
    }
    with pytest.raises(Unreadable):
        any_database.vault.keys.key(gone)
    assert any_database.vault.keys.key(stays)
    with any_database.transaction(reads_only=True) as session:
        assert mark_of(gone) in anchors_of(session).marks()
        noted = session.scalars(select(AuditEvent).where(AuditEvent.family_uid == gone)).one()
        assert (noted.role, noted.action) == ("system", "retention:erase")


@pytest.mark.parametrize("step", ["destroy", "_ended", "empty_write_ahead_log", "anchors"])
def test_a_crash_at_any_step_converges(
    any_database: Database, families: tuple[UUID, UUID], monkeypatch, step: str
):
    gone, _stays = families
    (due,) = due_of(any_database)

    def crash(*_arguments: object, **_values: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        if step == "destroy":
            broken.setattr(any_database.vault.keys, "destroy", crash)
        elif step == "anchors":
            with any_database.transaction(reads_only=True) as session:
                broken.setattr(anchors_of(session), "add", crash)
        else:
            broken.setattr(owners, step, crash)
        with pytest.raises(Crash):
            owners.erase(any_database, due, now=NOW)
    running.run(any_database, now=NOW + timedelta(hours=1))
    rows, doors, (receipt,) = left_of(any_database, gone)
    assert (rows, doors, receipt.state) == ([], [], ErasureState.ERASED)
    with pytest.raises(Unreadable):
        any_database.vault.keys.key(gone)


def test_a_family_that_is_being_erased_gets_nothing_sealed_any_more(
    any_database: Database, families: tuple[UUID, UUID], monkeypatch
):
    gone, _stays = families
    (due,) = due_of(any_database)

    def crash(*_arguments: object, **_values: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(owners, "_ended", crash)
        with pytest.raises(Crash):
            owners.erase(any_database, due, now=NOW)
    with any_database.session() as session:
        family = session.scalars(select(Family).where(Family.uid == gone)).one()
        with pytest.raises(Unreadable):
            family.seal("sealed_name", "Carmen", any_database.vault)


def test_an_erased_account_takes_its_driver_along_and_leaves_the_rides(any_database: Database):
    with any_database.transaction() as session:
        group = build.a_group(session)
        driver = build.a_driver(session, group)
        ride = scene.a_past_ride(session, group, build.a_family(session, group), 3)
        scene.driven_by(session, ride, driver)
        driver.user.leaves_at = NOW
        uid = driver.user.uid
    with any_database.transaction(reads_only=True) as session:
        (due,) = queries.due_accounts(session, now=NOW)
    receipt = owners.erase(any_database, due, now=NOW)
    assert receipt.rows["driver"] == receipt.rows["assignment"] == receipt.rows["place"] == 1
    with any_database.transaction(reads_only=True) as session:
        assert session.scalars(select(User).where(User.uid == uid)).all() == []
        assert session.get_one(type(ride), ride.id).state is RideState.DONE


def test_nothing_of_an_erased_family_is_left_in_the_files(
    database: Database, settings, families_on_sqlite: UUID
):
    (due,) = due_of(database)
    with database.transaction(reads_only=True) as session:
        family = session.scalars(select(Family).where(Family.uid == families_on_sqlite)).one()
        record = family.sealed_name.record
    folder = settings.data_dir
    assert any(record in path.read_bytes() for path in folder.glob("dispatch.db*"))
    owners.erase(database, due, now=NOW)
    assert [path for path in folder.glob("dispatch.db*") if record in path.read_bytes()] == []


@pytest.fixture
def families_on_sqlite(database: Database) -> UUID:
    with database.transaction() as session:
        family = build.a_family(session, build.a_group(session))
        family.withdrawn_at = NOW
        return family.uid
