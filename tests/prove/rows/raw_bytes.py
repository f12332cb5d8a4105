"""What families and drivers told is in clear in no byte of any file: databases, write-ahead logs,
key store, queue, temporary files, what was logged, opened backups."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch import clock
from dispatch.app import create_app
from dispatch.backups import making, sealing
from dispatch.backups.listing import DATA, KEYS
from dispatch.backups.sealing import Identity
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.erasing.service import running
from dispatch.families.models import Family
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import world
from tests.security.canaries import DRIVER, FAMILY, found_in_files, spellings
from tests.security.planting import DRIVER_FORM, FAMILY_FORM, REQUEST_FORM
from tests.services.postgres import Postgres

ROW = Row(
    what="Canaries in the raw bytes of SQLite and PostgreSQL (data, write-ahead logs), key store, "
    "queue, temporary files, logs, opened backups, in any spelling",
    must="0",
    quick=1,
    full=20,
    fewest=lambda size: size * 17,
)
EVERYTHING = [*FAMILY.values(), *DRIVER.values()]
_PARTS = ("name", "phone", "notes", "riders", "address")


def prove(at: Workplace) -> Figure:
    """Plant `at.size` families and as many drivers by the real forms, use them, and look."""
    # A server's files take a while to read; it is started before our temporary files move.
    server = at.postgres() if at.size > ROW.quick else None
    tempfile_before = tempfile.tempdir
    at.leaving.callback(setattr, tempfile, "tempdir", tempfile_before)
    at.leaving.callback(setattr, clock, "now", clock.now)
    clock.now = lambda: NOW
    (at.folder / "tmp").mkdir()
    tempfile.tempdir = str(at.folder / "tmp")
    settings, database = _used(at, at.folder / "sqlite")
    found = found_in_files(at.folder, EVERYTHING)
    read = _bytes_in(at.folder)
    at.told(0.4)
    controls = _controls(at.folder, settings)
    database.engine.dispose()
    if server is not None:
        _settings, other = _used(at, at.folder / "postgresql", server.create())
        _checkpoint(str(other.engine.url.query["host"]), other.engine.url.database or "")
        server.log()  # its collector writes a moment later
        folder = Path(server.host) / "data"
        found += found_in_files(folder, EVERYTHING)
        read += _bytes_in(folder)
        at.told(0.9)
        controls += _control_of_server(server, other, folder)
        other.engine.dispose()
    return Figure(
        looked_at=at.size * len(EVERYTHING),
        unit="values planted",
        measured=f"{len(found)} found in {read / 1e6:.0f} MB of files",
        holds=not found,
        controls=controls,
    )


def _used(at: Workplace, folder: Path, url: str | None = None) -> tuple[Settings, Database]:
    """An installation in which everything was planted, looked at, backed up and partly erased."""
    folder.mkdir()
    settings, database = installation.make(folder, url)
    with _logging(folder / "printed"):
        made = world.make(database, NOW) if url is None else _world(database)
        app = create_app(settings, database=database)
        app.config["WTF_CSRF_ENABLED"] = False
        desk = made.browser(app, "coordinator")
        for number in range(at.size):
            _plant(desk, number)
        _look(desk, database)
        _fail(app.test_client(), desk)
        _back_up(settings, database, folder)
        with database.transaction() as session:
            family = session.scalars(select(Family).where(Family.number == "FZ000")).one()
            family.withdrawn_at = NOW
        running.run(database, now=NOW)
    return settings, database


def _world(database: Database) -> world.World:
    """The same world on a server, whose files nobody puts back."""
    with database.transaction() as session:
        side = world._side(session, NOW)
        token = world.sessions.begin(session, side.coordinator, now=NOW)
    return world.World(side, side, {}, {"coordinator": token}, {})


def _plant(desk: FlaskClient, number: int) -> None:
    family = {**FAMILY_FORM, "number": f"FZ{number:03d}"}
    driver = {
        **DRIVER_FORM,
        "number": f"DZ{number:03d}",
        "email": f"{number}{DRIVER['email']}",
        "phone": DRIVER["phone"],
    }
    request = {
        **REQUEST_FORM,
        "family": f"FZ{number:03d}",
        "form_token": f"a-token-{number}",
    }
    forms = (("/families/new", family), ("/drivers/new", driver), ("/requests/new", request))
    for address, form in forms:
        answer = desk.post(address, data=form)
        if answer.status_code not in (200, 302, 303):
            raise AssertionError(f"{address} refused what was planted: {answer.status_code}")


def _look(desk: FlaskClient, database: Database) -> None:
    """Open every seal of a family, find one by its phone, and ask for a match run."""
    with database.transaction(reads_only=True) as session:
        uid = session.scalars(select(Family.uid).where(Family.number == "FZ000")).one()
    shown = b"".join(desk.post(f"/families/{uid}/reveal?part={part}").data for part in _PARTS)
    control(FAMILY["name"].encode() in shown, "a family that opens for its coordinator")
    desk.post("/families/find", data={"phone": FAMILY["phone"]})
    desk.post("/runs", data={"day": "2027-03-09"})


def _fail(stranger: FlaskClient, desk: FlaskClient) -> None:
    """Forms that are refused or break: what they held must not end in a log either."""
    desk.post("/families/new", data={"name": FAMILY["name"], "home-line": FAMILY["line"]})
    desk.post("/families/find", data={"q": FAMILY["phone"]})
    stranger.post("/signin", data={"email": DRIVER["email"], "password": FAMILY["notes"]})


def _back_up(settings: Settings, database: Database, folder: Path) -> None:
    identity = Identity.generate()
    to = [identity.to_public()]
    backup = making.make(settings, database, folder / "backups", to, now=NOW)
    for kind in (DATA, KEYS):
        file = folder / "backups" / f"{backup.name}{kind}"
        sealing.unseal_into(file, folder / "opened" / kind, [identity])


@contextmanager
def _logging(file: Path) -> Iterator[None]:
    """Everything that is printed and logged inside the block goes into `file`."""
    with file.open("w") as printed, redirect_stdout(printed), redirect_stderr(printed):
        yield


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _checkpoint(host: str, name: str) -> None:
    """Bring everything that a server holds in memory to its files."""
    with psycopg.connect(f"host={host} user=postgres dbname={name}", autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def _controls(folder: Path, settings: Settings) -> int:
    """A file in any spelling, and a value written in clear to the database, have to be found."""
    planted = 0
    leak = folder / "tmp" / "leak"
    for spelling in sorted(spellings(FAMILY["line"])):
        leak.write_bytes(b"\0before" + spelling + b"after\xff")
        control(bool(found_in_files(leak.parent, [FAMILY["line"]])), "a file with a value in it")
        planted += 1
    leak.unlink()
    file = settings.data_dir / "dispatch.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE driver SET car = ?", (FAMILY["line"],))
        connection.commit()
        found = {name for name, _value in found_in_files(settings.data_dir, [FAMILY["line"]])}
    control("dispatch.db-wal" in found, "a value in the write-ahead log")
    return planted + 2


def _control_of_server(server: Postgres, database: Database, folder: Path) -> int:
    """What a transaction wrote that was taken back stays in a server's write-ahead log, and a row
    that breaks a rule in its own log unless that is turned off: both have to be found."""
    url = database.engine.url
    host, name = str(url.query["host"]), url.database or ""
    with psycopg.connect(f"host={host} user=postgres dbname={name}") as connection:
        connection.execute("UPDATE driver SET car = %s", (FAMILY["town"],))
        connection.rollback()
        connection.execute("SET log_error_verbosity = verbose")
        with suppress(psycopg.errors.NotNullViolation):
            connection.execute("UPDATE driver SET car = %s, number = NULL", (FAMILY["town"],))
        connection.rollback()
    _checkpoint(host, name)
    server.log()  # its collector writes a moment later
    found = {place for place, _value in found_in_files(folder, [FAMILY["town"]])}
    control(any(place.startswith("pg_wal") for place in found), "a value that was rolled back")
    control(any(place.startswith("log/") for place in found), "a row that failed, in the log")
    return 2
