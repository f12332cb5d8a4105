"""A family or an account is erased in both stores, wherever a crash came between."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.crypto.anchors import Kind
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import mark_of
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing import queries
from dispatch.erasing.models import Erasure, ErasureState, Whose, Why
from dispatch.erasing.service import owners, running
from dispatch.families.models import Family, FamilyState
from dispatch.people.models import User, UserState
from dispatch.places import grants
from dispatch.places.models import AddressGrant, Place
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


def test_what_is_begun_says_whose_why_and_since_when(any_database: Database, monkeypatch):
    with any_database.transaction() as session:
        group = build.a_group(session)
        family = build.a_family(session, group, withdrawn_at=NOW - timedelta(hours=1))
        ride = scene.a_past_ride(session, group, family, -1)
        driver = build.a_driver(session, group)
        opened = grants.open_to_driver(
            session,
            assignment=scene.driven_by(session, ride, driver),
            places=[family.place],
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
        )
        ids, at = [one.id for one in opened], NOW + timedelta(days=3)
    with any_database.transaction(reads_only=True) as session:
        (due,) = queries.due_families(session, now=at)
    monkeypatch.setattr(any_database.vault.keys, "destroy", _crash)
    for _twice in range(2):
        with pytest.raises(Crash):
            owners.erase(any_database, due, now=at)
    with any_database.transaction(reads_only=True) as session:
        begun = session.scalars(select(Erasure)).one()
        assert (begun.owner_uid, begun.group_id) == (family.uid, group.id)
        assert (begun.whose, begun.why) == (Whose.FAMILY, Why.WITHDRAWN)
        assert (begun.state, begun.checked, begun.rows) == (ErasureState.ERASING, False, {})
        assert (begun.due_at, begun.begun_at) == (NOW - timedelta(hours=1), at)
        assert session.get_one(Family, family.id).state is FamilyState.LEFT
        assert [session.get_one(AddressGrant, one).revoked_at for one in ids] == [at]


def _crash(*_arguments: object) -> None:
    raise Crash


def test_a_receipt_says_when_and_is_written_once(
    any_database: Database, families: tuple[UUID, UUID]
):
    gone, _stays = families
    (due,) = due_of(any_database)
    receipt = owners.erase(any_database, due, now=NOW)
    later = NOW + timedelta(days=1)
    again = owners.erase(any_database, due, now=later)
    assert (again.erased_at, again.rows) == (receipt.erased_at, receipt.rows)
    assert receipt.erased_at == NOW
    with any_database.transaction(reads_only=True) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.object_uid == receipt.uid)).all()
        assert [(row.at, row.family_uid) for row in rows] == [(NOW, gone)]
        kinds = [(one.kind, one.at, one.mark) for one in anchors_of(session).read()]
        assert kinds == [(Kind.DESTROYED, NOW, mark_of(gone))]


def test_an_account_that_is_being_erased_is_shut_first(any_database: Database, monkeypatch):
    with any_database.transaction() as session:
        group = build.a_group(session)
        driver = build.a_driver(session, group)
        driver.user.leaves_at = NOW
        home = build.a_home(session, group, driver.user.uid)
        family = build.a_family(session, group)
        ride = scene.a_past_ride(session, group, family, 3)
        grants.open_to_driver(
            session,
            assignment=scene.driven_by(session, ride, build.a_driver(session, group)),
            places=[home],
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
        )
    with any_database.transaction(reads_only=True) as session:
        (due,) = queries.due_accounts(session, now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr(any_database.vault.keys, "destroy", _crash)
        with pytest.raises(Crash):
            owners.erase(any_database, due, now=NOW)
    with any_database.transaction(reads_only=True) as session:
        assert session.get_one(User, driver.user.id).state is UserState.SUSPENDED
        assert session.scalars(select(AddressGrant.revoked_at)).all() == [NOW]
    receipt = owners.erase(any_database, due, now=NOW)
    assert (receipt.whose, receipt.why, receipt.group_id) == (Whose.ACCOUNT, Why.WITHDRAWN, None)
    assert receipt.checked
    with any_database.transaction(reads_only=True) as session:
        chosen = select(AuditEvent).where(AuditEvent.object_uid == receipt.uid)
        assert session.scalars(chosen).one().family_uid is None


def test_what_still_opens_is_told(any_database: Database, families: tuple[UUID, UUID], monkeypatch):
    (due,) = due_of(any_database)
    monkeypatch.setattr(any_database.vault.keys, "destroy", lambda _owner: None)
    assert owners.erase(any_database, due, now=NOW).checked is False


def test_a_family_without_a_name_has_nothing_that_opens(any_database: Database):
    with any_database.transaction() as session:
        family = build.a_family(session, build.a_group(session), withdrawn_at=NOW)
        family.seal("sealed_name", None, any_database.vault)
    (due,) = due_of(any_database)
    assert owners.erase(any_database, due, now=NOW).checked is True


def test_a_door_whose_family_is_gone_already_goes_too(any_database: Database):
    with any_database.transaction() as session:
        group, owner = build.a_group(session), uuid4()
        build.a_home(session, group, owner)
        stays = build.a_home(session, group, uuid4())
    due = queries.Due(owner, Whose.FAMILY, 0, group.id, Why.WITHDRAWN, NOW)
    with any_database.transaction() as session:
        begun = Erasure(
            owner_uid=owner,
            group_id=due.group_id,
            whose=due.whose,
            why=due.why,
            state=ErasureState.ERASING,
            due_at=NOW,
            begun_at=NOW,
        )
        session.add(begun)
    receipt = owners.erase(any_database, due, now=NOW)
    assert (receipt.rows["place"], receipt.checked) == (1, True)
    with any_database.transaction(reads_only=True) as session:
        assert session.scalars(select(Place.id)).all() == [stays.id]
