"""Letters of a worker: sent once, and never while the service is paused."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from dispatch import mail_server, mailing, sms_gateway
from dispatch.app import open_database
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.mailing import Mailing, mailings_of
from dispatch.notify.channels import CHANNELS, MAIL, PUSH, Letter, RefusedForGood, TryLater, Unclear
from dispatch.notify.models import Delivery, DeliveryState, PushSubscription
from dispatch.notify.push import subscriptions
from dispatch.notify.push.channel import Push
from dispatch.people.freezing import Freeze
from tests import build
from tests.build import TEN
from tests.conftest import NOW, Moment
from tests.dispatch.notify.waiting import an_offer, deliveries_of, with_mail, with_phone
from tests.services.gateway import Gateway, listening
from tests.services.push import Browser, leading_to
from tests.services.smtp import Server, running

BASE = "https://rides.example.org"


@dataclass
class Post:
    """A channel that fails as it is told to."""

    name: str = "mail"
    troubles: list[Exception] = field(default_factory=list)
    sent: list[tuple[str, Letter]] = field(default_factory=list)

    def send(self, to: str, letter: Letter) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((to, letter))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def worker(any_database: Database, post: Post, moment: Moment) -> Mailing:
    return Mailing(any_database, post, BASE)


@pytest.fixture
def offered(any_database: Database) -> None:
    """A driver is asked for a ride."""
    with any_database.transaction() as session:
        with_mail(session)
        group = build.a_group(session)
        user = build.a_user(session, email="marta@example.net")
        an_offer(session, group, build.a_driver(session, group, user=user))


def states(database: Database) -> list[tuple[DeliveryState, str]]:
    with database.transaction(reads_only=True) as session:
        chosen = select(Delivery.state, Delivery.trouble).order_by(Delivery.id)
        return [(one.state, one.trouble) for one in session.execute(chosen)]


@pytest.mark.usefixtures("offered")
def test_a_letter_is_sent_and_noted(worker: Mailing, post: Post, any_database: Database):
    assert worker.send_next()
    assert not worker.send_next()
    [(to, letter)] = post.sent
    assert (to, letter.off_url) == ("marta@example.net", f"{BASE}/me")
    assert states(any_database) == [(DeliveryState.SENT, "")]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (RefusedForGood("refused"), DeliveryState.FAILED),
        (Unclear("broken off"), DeliveryState.UNSURE),
        (TryLater("away"), DeliveryState.WAITING),
    ],
)
def test_what_goes_wrong_is_noted(worker, post, any_database, moment, trouble, state):
    post.troubles = [trouble]
    assert worker.send_next()
    assert states(any_database) == [(state, trouble.trouble)]
    assert not worker.send_next()
    moment.pass_by(minutes=2)
    assert worker.send_next() is (state is DeliveryState.WAITING)


@pytest.mark.usefixtures("offered")
def test_whatever_breaks_between_claim_and_note_it_is_not_sent_again(
    worker: Mailing, post: Post, any_database: Database, moment: Moment
):
    post.troubles = [RuntimeError("a fault of ours")]
    with pytest.raises(RuntimeError):
        worker.send_next()
    assert states(any_database) == [(DeliveryState.SENDING, "")]
    assert not worker.send_next()
    moment.pass_by(minutes=6)
    assert not worker.send_next()
    assert states(any_database) == [(DeliveryState.UNSURE, "worker died")]
    assert post.sent == []


@pytest.mark.usefixtures("offered")
def test_nothing_is_sent_while_the_service_is_paused(
    worker: Mailing, post: Post, any_database: Database
):
    with any_database.transaction() as session:
        session.add(Freeze(began_at=NOW))
    assert not worker.send_next()
    assert (post.sent, states(any_database)) == ([], [(DeliveryState.WAITING, "")])
    with any_database.transaction() as session:
        session.scalars(select(Freeze)).one().ended_at = NOW
    assert worker.send_next()


@pytest.mark.usefixtures("offered")
def test_a_worker_goes_on_after_a_fault_until_it_is_stopped(
    worker: Mailing, post: Post, any_database: Database, monkeypatch: pytest.MonkeyPatch
):
    with any_database.transaction() as session:
        with_mail(session)
        group = build.a_group(session)
        an_offer(session, group, build.a_driver(session, group), at=TEN)
    monkeypatch.setattr(mailing, "BEAT", 0.01)
    post.troubles = [RuntimeError("a fault of ours")]
    stop = threading.Event()
    working = threading.Thread(target=worker.go_on, args=(stop,))
    working.start()
    for _ in range(500):
        if post.sent:
            break
        stop.wait(0.01)
    stop.set()
    working.join(timeout=10)
    assert not working.is_alive()
    assert len(post.sent) == 1


def test_an_installation_without_a_server_sends_nothing(settings: Settings, database: Database):
    assert mailings_of(settings, database) == []
    with database.session() as session:
        assert session.info[CHANNELS] == ()


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of an installation with these settings."""
    database = open_database(settings)
    yield database
    database.engine.dispose()
    database.vault.keys.close()


def test_an_installation_with_a_server_sends_from_the_message_to_the_letter(
    settings: Settings, moment: Moment
):
    with running(Server()) as server:
        mail = mail_server.named(f"smtp://127.0.0.1:{server.port}", "rides@example.org", None)
        settings = replace(settings, mail=mail)
        with opened(settings) as database:
            with database.transaction() as session:
                group = build.a_group(session)
                an_offer(session, group, build.a_driver(session, group))
            [sending] = mailings_of(settings, database)
            assert sending.send_next()
            [taken] = server.taken
            with database.transaction(reads_only=True) as session:
                assert taken.uid == str(session.scalars(select(Delivery.uid)).one())


def test_what_the_mail_server_refuses_goes_to_the_gateway_for_text_messages(
    settings: Settings, moment: Moment
):
    server, gateway = Server(answers={"RCPT": "550 no such person"}), Gateway()
    with running(server), listening(gateway):
        settings = replace(
            settings,
            mail=mail_server.named(f"smtp://127.0.0.1:{server.port}", "rides@example.org", None),
            sms=sms_gateway.named(f"http://127.0.0.1:{gateway.port}/send", "", "+1", None),
            base_url=BASE,
        )
        with opened(settings) as database:
            with database.transaction() as session:
                group = build.a_group(session)
                offer = an_offer(
                    session, group, with_phone(session, build.a_driver(session, group))
                )
            by_mail, by_text = mailings_of(settings, database)
            assert by_mail.send_next()
            assert not by_text.send_next()
            moment.pass_by(minutes=1)
            assert by_text.send_next()
            [posted] = gateway.taken
            assert posted.fields == {
                "to": "+16045550118",
                "text": f"A question about 9 Mar, 10:00 {BASE}/offers",
            }
            with database.transaction(reads_only=True) as session:
                found = {one.channel: one.state for one in deliveries_of(session, offer)}
            assert found == {"mail": DeliveryState.FAILED, "sms": DeliveryState.SENT}


PUSHED = "mailto:rides@example.org"


@pytest.fixture
def browsers(any_database: Database) -> list[Browser]:
    """Two browsers of a driver who is told of an offer by nothing else at first."""
    made = [Browser(), Browser()]
    with any_database.transaction() as session:
        session.info[CHANNELS] = (PUSH, MAIL)
        group = build.a_group(session)
        driver = build.a_driver(session, group)
        driver.user.takes_mail = False
        for browser in made:
            subscriptions.begin(session, driver.user, browser.address, label="", now=NOW)
        an_offer(session, group, driver)
    return made


def pushing(database: Database, service: Gateway) -> Mailing:
    return Mailing(database, Push(database.vault, PUSHED, leading_to(service)), BASE)


def kept(database: Database) -> int:
    with database.transaction(reads_only=True) as session:
        return len(session.scalars(select(PushSubscription)).all())


def test_every_browser_of_a_person_is_told(any_database, browsers, moment):
    service = Gateway(201)
    with listening(service):
        assert pushing(any_database, service).send_next()
    by_path = {one.path: one for one in service.taken}
    said = [browser.read(by_path[browser.address.path]) for browser in browsers]
    assert said == [{"title": "A question about Tuesday 9 March, 10:00", "path": "/offers"}] * 2
    assert states(any_database) == [(DeliveryState.SENT, "")]


def test_a_browser_that_is_gone_is_forgotten_and_the_other_is_told(any_database, browsers, moment):
    service = Gateway(201, gone={browsers[0].address.path})
    with listening(service):
        assert pushing(any_database, service).send_next()
    assert states(any_database) == [(DeliveryState.SENT, "")]
    assert kept(any_database) == 1


def test_where_all_browsers_are_gone_another_channel_is_tried(
    settings: Settings, moment: Moment, post: Post
):
    service, browser = Gateway(410), Browser()
    settings = replace(
        settings,
        mail=mail_server.named("smtp://127.0.0.1:25", "rides@example.org", None),
        push=PUSHED,
    )
    with opened(settings) as database, listening(service):
        with database.transaction() as session:
            group = build.a_group(session)
            driver = build.a_driver(session, group)
            subscriptions.begin(session, driver.user, browser.address, label="", now=NOW)
            driver.user.takes_mail, driver.user.takes_texts = False, True
            an_offer(session, group, driver)
        assert len(mailings_of(settings, database)) == 2
        assert pushing(database, service).send_next()
        assert kept(database) == 0
        moment.pass_by(minutes=1)
        assert Mailing(database, post, BASE).send_next()
    assert len(post.sent) == 1
