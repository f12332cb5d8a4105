"""Whoever carries or reads along the letters to drivers learns nothing of families or drivers."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from uuid import UUID

import pytest

from dispatch import mail_server, sms_gateway
from dispatch.app import create_app, open_database
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.families.models import Family
from dispatch.mailing import Mailing, mailings_of
from dispatch.notify.channels import Letter
from dispatch.notify.mail import Mail
from dispatch.notify.push.channel import Push
from dispatch.notify.sms import Sms
from dispatch.rides.models import Ride
from tests.conftest import NOW, Moment
from tests.security.canaries import FAMILY, found_in
from tests.security.planting import EVERYTHING, Planted, plant
from tests.services.gateway import Gateway, Posted, listening
from tests.services.push import Browser, leading_to
from tests.services.smtp import Server, Taken, running

CONTACT = "mailto:rides@example.org"
PHONE, DIALLED = "604-555-0199", "+16045550199"
"""Of the driver who is told: the one thing about a person that the gateway learns."""
PLAIN = Letter(
    uid=UUID(int=7),
    subject="A question",
    text="",
    brief="",
    url="https://rides.example.org/offers",
    off_url="https://rides.example.org/me",
    written_at=NOW,
)


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server."""
    with running(Server()) as server:
        yield server


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway for text messages."""
    with listening(Gateway()) as gateway:
        yield gateway


@pytest.fixture
def sending(settings: Settings, server: Server, gateway: Gateway) -> Settings:
    """Settings of an installation that sends letters by every channel."""
    mail = mail_server.named(f"smtp://127.0.0.1:{server.port}", "rides@example.org", None)
    sms = sms_gateway.named(f"http://127.0.0.1:{gateway.port}/send", "", "+1", None)
    return replace(settings, mail=mail, sms=sms, push=CONTACT)


@pytest.fixture
def opened(sending: Settings) -> Iterator[Database]:
    """Its database."""
    database = open_database(sending)
    yield database
    database.engine.dispose()
    database.vault.keys.close()


@pytest.fixture
def planted(sending: Settings, opened: Database, moment: Moment) -> Planted:
    """Its application, with canaries in it."""
    app = create_app(sending, database=opened)
    app.config["WTF_CSRF_ENABLED"] = False
    return plant(app, opened, sending, moment.at)


def readable(taken: Taken) -> bytes:
    """A letter as it went over the line, and as its reader sees it."""
    read = email.message_from_bytes(taken.letter, policy=policy.default)
    shown = "\n".join([*map(str, read.values()), read.get_content(), taken.sender, taken.to])
    return taken.letter + shown.encode()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ["A change on", "A question about"]), ("es", ["Un cambio para", "Una pregunta sobre"])],
)
def test_letters_hold_no_canary(
    planted: Planted,
    sending: Settings,
    opened: Database,
    server: Server,
    gateway: Gateway,
    moment: Moment,
    language: str,
    said: list[str],
):
    ours = planted.world.ours
    driver, desk = planted.browser("driver"), planted.browser("coordinator")
    own = {"name": FAMILY["name"], "language": language, "phone": PHONE, "news": "both"}
    assert driver.post("/me", data=own).status_code == 303
    assert desk.post(f"/assignments/{ours.things['offer'].uid}/release").status_code == 303
    send_all(sending, opened, moment)
    with opened.transaction(reads_only=True) as session:
        ride = session.get_one(Ride, ours.things["ride"].id)
    chosen = {"driver": str(ours.driver.uid), "pickup_at": "10:10", "version": str(ride.version)}
    assert desk.post(f"/rides/{ride.uid}/assign", data=chosen).status_code == 303
    send_all(sending, opened, moment)
    read = [email.message_from_bytes(one.letter, policy=policy.default) for one in server.taken]
    subjects, texts = [one["Subject"] for one in read], [one.fields for one in gateway.taken]
    for words, subject, text in zip(said, subjects, texts, strict=True):
        assert subject.startswith(words)
        assert text["text"].startswith(words)
        assert text["to"] == DIALLED
    found = [found_in(readable(one), EVERYTHING) for one in server.taken]
    found += [found_in(as_read(one), EVERYTHING) for one in gateway.taken]
    assert found == [[]] * 4


@pytest.mark.parametrize(("language", "said"), [("en", "Not certain"), ("es", "Ya no es seguro")])
def test_texts_to_families_hold_nothing_of_them_but_the_number_they_go_to(
    planted: Planted,
    sending: Settings,
    opened: Database,
    gateway: Gateway,
    moment: Moment,
    language: str,
    said: str,
):
    ours, desk = planted.world.ours, planted.browser("coordinator")
    with opened.transaction() as session:
        family = session.get_one(Family, planted.family.id)
        family.takes_texts, family.language = True, language
    assert desk.post(f"/assignments/{ours.things['offer'].uid}/release").status_code == 303
    send_all(sending, opened, moment)
    [text] = gateway.taken
    assert text.fields["text"].startswith(said)
    assert found_in(as_read(text), EVERYTHING) == [FAMILY["phone"]]
    assert found_in(text.fields["text"].encode(), EVERYTHING) == []


@pytest.mark.parametrize(("language", "said"), [("en", "A change on"), ("es", "Un cambio para")])
def test_browsers_and_their_push_service_are_told_no_canary(
    planted: Planted, sending: Settings, opened: Database, moment: Moment, language: str, said: str
):
    ours, phone = planted.world.ours, Browser()
    driver, desk = planted.browser("driver"), planted.browser("coordinator")
    own = {"name": FAMILY["name"], "language": language, "news": "none"}
    assert driver.post("/me", data=own).status_code == 303
    assert driver.post("/me/push", data=phone.form).status_code == 303
    assert desk.post(f"/assignments/{ours.things['offer'].uid}/release").status_code == 303
    moment.pass_by(minutes=1)
    with listening(Gateway(201)) as service:
        channel = Push(opened.vault, CONTACT, leading_to(service))
        assert Mailing(opened, channel, sending.base_url).send_next()
    [taken] = service.taken
    read = phone.read(taken)
    assert read["title"].startswith(said)
    assert found_in(as_it_went(taken) + str(read).encode(), EVERYTHING) == []


@pytest.mark.parametrize("canary", EVERYTHING)
def test_a_browser_that_is_told_a_canary_is_found(opened: Database, canary: str):
    phone, letter = Browser(), replace(PLAIN, subject=canary)
    with listening(Gateway(201)) as service:
        Push(opened.vault, CONTACT, leading_to(service)).send(phone.address.text(), letter)
    read = phone.read(service.taken[0])
    assert found_in(str(read).encode(), [canary]) == [canary]


def send_all(settings: Settings, database: Database, moment: Moment) -> None:
    """Send what waits, once nothing of it can be undone."""
    moment.pass_by(minutes=1)
    for channel in mailings_of(settings, database):
        while channel.send_next():
            pass


def as_read(text: Posted) -> bytes:
    """A text message as it went over the line, and as its reader sees it."""
    return as_it_went(text) + f"\n{text.fields}".encode()


def as_it_went(posted: Posted) -> bytes:
    """What was posted, as it went over the line."""
    heads = "\n".join(f"{name}: {value}" for name, value in posted.headers.items())
    return posted.body + f"\n{posted.path}\n{heads}".encode()


@pytest.mark.parametrize("canary", EVERYTHING)
@pytest.mark.parametrize("before", ["", "¿Mañana? " * 9])
def test_a_letter_with_a_canary_is_found(
    server: Server, gateway: Gateway, sending: Settings, canary: str, before: str
):
    text = f"{before}{canary}, today.\n"
    letter = replace(PLAIN, text=text, brief=text)
    Mail(sending.mail).send("marta@example.net", letter)
    assert found_in(readable(server.taken[-1]), [canary]) == [canary]
    Sms(sending.sms).send(PHONE, letter)
    assert found_in(as_read(gateway.taken[-1]), [canary]) == [canary]
