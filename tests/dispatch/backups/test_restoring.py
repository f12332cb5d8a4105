"""A backup is put back, whatever was erased since stays erased, and a drill says whether it can."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.audit import verifying
from dispatch.backups import listing, making, restoring
from dispatch.backups.listing import DATA, NOTE, BadBackup
from dispatch.backups.sealing import Identity
from dispatch.config import Settings
from dispatch.crypto.keyring import BadKeyring, Unreadable
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing.service import running
from dispatch.families.models import Family
from dispatch.notify.models import Delivery, DeliveryState
from tests import build
from tests.conftest import NOW
from tests.dispatch.notify.waiting import an_offer, with_mail
from tests.services.postgres import Postgres

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(settings: Settings, any_database: Database) -> Settings:
    """The settings of the installation, on either database."""
    url = any_database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    return replace(settings, database_url=url)


@pytest.fixture
def empty_url(here: Settings, request: pytest.FixtureRequest) -> str | None:
    """An empty PostgreSQL database, where the installation is on one."""
    if here.database_url.startswith("sqlite"):
        return None
    server: Postgres = request.getfixturevalue("postgres")
    return server.create()


@pytest.fixture
def note(
    here: Settings, any_database: Database, tmp_path: Path, identity: Identity, families: tuple
) -> Path:
    """The note of a backup from before anybody was erased."""
    folder = tmp_path / "backups"
    backup = making.make(here, any_database, folder, [identity.to_public()], now=NOW)
    return folder / f"{backup.name}{NOTE}"


def elsewhere(here: Settings, tmp_path: Path, empty_url: str | None) -> Settings:
    """Settings of an empty installation, with the master key and the anchors of the other."""
    return replace(
        here,
        data_dir=tmp_path / "new",
        database_url=empty_url or f"sqlite:///{tmp_path / 'new' / 'dispatch.db'}",
        anchors=here.anchors_file,
    )


def readable(database: Database) -> set[UUID]:
    """The families whose name opens."""
    found = set()
    with database.transaction(reads_only=True) as session:
        for family in session.scalars(select(Family)):
            try:
                family.unseal("sealed_name", database.vault)
            except Unreadable:
                continue
            found.add(family.uid)
    return found


def closed(database: Database) -> None:
    database.engine.dispose()
    database.vault.keys.close()


def test_what_was_backed_up_comes_back(here, note, identity, families, tmp_path, empty_url):
    restored = restoring.restore(elsewhere(here, tmp_path, empty_url), note, [identity], now=LATER)
    assert readable(restored) == set(families)
    with restored.transaction(reads_only=True) as session:
        assert verifying.check(session, anchors_of(session)).is_whole
    closed(restored)


def test_what_waited_to_be_sent_is_not_sent_from_a_copy(
    here, any_database, identity, tmp_path, empty_url
):
    with any_database.transaction() as session:
        with_mail(session)
        group = build.a_group(session)
        an_offer(session, group, build.a_driver(session, group))
    made = making.make(here, any_database, tmp_path / "backups", [identity.to_public()], now=NOW)
    note = tmp_path / "backups" / f"{made.name}{NOTE}"
    restored = restoring.restore(elsewhere(here, tmp_path, empty_url), note, [identity], now=LATER)
    with restored.transaction(reads_only=True) as session:
        assert session.scalars(select(Delivery.state)).all() == [DeliveryState.UNSURE]
    closed(restored)


def test_what_was_erased_since_stays_erased(
    here, note, identity, families, any_database, tmp_path, empty_url
):
    _gone, stays = families
    running.run(any_database, now=LATER)
    assert readable(any_database) == {stays}
    new = elsewhere(here, tmp_path, empty_url)
    restored = restoring.restore(new, note, [identity], now=LATER)
    assert readable(restored) == {stays}
    report = running.run(restored, now=LATER)
    assert report.counts["due"]["family"] == 1
    with restored.transaction(reads_only=True) as session:
        assert session.scalars(select(Family.uid)).all() == [stays]
    closed(restored)


def test_a_drill_proves_a_backup(here, note, identity, any_database, families, empty_url):
    running.run(any_database, now=LATER)
    done = restoring.drill(here, note, [identity], scratch_url=empty_url, now=LATER)
    assert (done.live, done.erased_opened) == (1, 0)
    assert done.erased == 4  # name, phone, address and point of the one that was erased since
    assert listing.read(note).proven_at == LATER
    assert readable(any_database) == {families[1]}


def test_a_drill_leaves_no_mark_on_the_anchors(here, note, identity, any_database, empty_url):
    running.run(any_database, now=LATER)
    before = here.anchors_file.read_bytes()
    restoring.drill(here, note, [identity], scratch_url=empty_url, now=LATER)
    assert here.anchors_file.read_bytes() == before


def test_a_drill_that_finds_an_erased_family_open_does_not_count(
    here, note, identity, any_database, empty_url, monkeypatch
):
    running.run(any_database, now=LATER)
    monkeypatch.setattr("dispatch.crypto.keystore.KeyStore.destroy_marked", lambda *_marks: 0)
    with pytest.raises(BadBackup, match="4 records of erased families"):
        restoring.drill(here, note, [identity], scratch_url=empty_url, now=LATER)
    assert listing.read(note).proven_at is None


def test_nothing_is_restored_over_what_is_there(here, note, identity):
    with pytest.raises(BadBackup, match="empty"):
        restoring.restore(here, note, [identity], now=LATER)


def test_an_altered_backup_is_not_restored(here, note, identity, tmp_path, empty_url):
    file = next(note.parent.glob(f"*{DATA}"))
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(BadBackup, match="not the file"):
        restoring.restore(elsewhere(here, tmp_path, empty_url), note, [identity], now=LATER)


def test_without_the_master_key_nothing_opens(here, note, identity, tmp_path, empty_url):
    new = replace(elsewhere(here, tmp_path, empty_url), master_key_file=tmp_path / "nowhere")
    with pytest.raises(BadKeyring):
        restoring.restore(new, note, [identity], now=LATER)
