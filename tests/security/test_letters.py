"""Whoever carries or reads along the letters to drivers learns nothing of families or drivers."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from uuid import uuid4

import pytest

from dispatch.app import create_app, open_database
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.mail_server import named
from dispatch.mailing import mailing_of
from dispatch.notify.channels import Letter
from dispatch.notify.mail import Mail
from dispatch.rides.models import Ride
from tests.conftest import NOW, Moment
from tests.security.canaries import FAMILY, found_in
from tests.security.planting import EVERYTHING, Planted, plant
from tests.services.smtp import Server, Taken, running


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server."""
    with running(Server()) as server:
        yield server


@pytest.fixture
def with_mail(settings: Settings, server: Server) -> Settings:
    """Settings of an installation that sends letters."""
    mail = named(f"smtp://127.0.0.1:{server.port}", "rides@example.org", None)
    return replace(settings, mail=mail)


@pytest.fixture
def opened(with_mail: Settings) -> Iterator[Database]:
    """Its database."""
    database = open_database(with_mail)
    yield database
    database.engine.dispose()
    database.vault.keys.close()


@pytest.fixture
def planted(with_mail: Settings, opened: Database, moment: Moment) -> Planted:
    """Its application, with canaries in it."""
    app = create_app(with_mail, database=opened)
    app.config["WTF_CSRF_ENABLED"] = False
    return plant(app, opened, with_mail, moment.at)


def readable(taken: Taken) -> bytes:
    """A letter as it went over the line, and as its reader sees it."""
    read = email.message_from_bytes(taken.letter, policy=policy.default)
    shown = "\n".join([*map(str, read.values()), read.get_content(), taken.sender, taken.to])
    return taken.letter + shown.encode()


@pytest.mark.parametrize(
    ("language", "subjects"),
    [("en", ["A change on", "A question about"]), ("es", ["Un cambio para", "Una pregunta sobre"])],
)
def test_letters_hold_no_canary(
    planted: Planted,
    with_mail: Settings,
    opened: Database,
    server: Server,
    moment: Moment,
    language: str,
    subjects: list[str],
):
    ours = planted.world.ours
    driver, desk = planted.browser("driver"), planted.browser("coordinator")
    own = {"name": FAMILY["name"], "language": language}
    assert driver.post("/me", data=own).status_code == 303
    assert desk.post(f"/assignments/{ours.things['offer'].uid}/release").status_code == 303
    send_all(with_mail, opened, moment)
    with opened.transaction(reads_only=True) as session:
        ride = session.get_one(Ride, ours.things["ride"].id)
    chosen = {"driver": str(ours.driver.uid), "pickup_at": "10:10", "version": str(ride.version)}
    assert desk.post(f"/rides/{ride.uid}/assign", data=chosen).status_code == 303
    send_all(with_mail, opened, moment)
    read = [email.message_from_bytes(one.letter, policy=policy.default) for one in server.taken]
    assert [one["Subject"].startswith(said) for one, said in zip(read, subjects, strict=True)] == [
        True,
        True,
    ]
    assert [found_in(readable(one), EVERYTHING) for one in server.taken] == [[], []]


def send_all(settings: Settings, database: Database, moment: Moment) -> None:
    """Send what waits, once nothing of it can be undone."""
    moment.pass_by(minutes=1)
    worker = mailing_of(settings, database)
    while worker.send_next():
        pass


@pytest.mark.parametrize("canary", EVERYTHING)
@pytest.mark.parametrize("before", ["", "¿Mañana? " * 9])
def test_a_letter_with_a_canary_is_found(
    server: Server, with_mail: Settings, canary: str, before: str
):
    text = f"{before}{canary}, today.\n"
    letter = Letter(uuid4(), "A question", text, "https://rides.example.org/me", NOW)
    Mail(with_mail.mail).send("marta@example.net", letter)
    assert found_in(readable(server.taken[-1]), [canary]) == [canary]
