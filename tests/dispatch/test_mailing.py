"""Letters of a worker: sent once, and never while the service is paused."""

import threading
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from dispatch import mailing
from dispatch.app import open_database
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.mail_server import named
from dispatch.mailing import Mailing, mailing_of
from dispatch.notify.channels import Letter, RefusedForGood, TryLater, Unclear
from dispatch.notify.deliveries import CHANNELS
from dispatch.notify.models import Delivery, DeliveryState
from dispatch.people.freezing import Freeze
from tests import build
from tests.build import TEN
from tests.conftest import NOW, Moment
from tests.dispatch.notify.waiting import an_offer, with_mail
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
    assert mailing_of(settings, database) is None
    with database.session() as session:
        assert session.info[CHANNELS] == ()


def test_an_installation_with_a_server_sends_from_the_message_to_the_letter(
    settings: Settings, moment: Moment
):
    with running(Server()) as server:
        mail = named(f"smtp://127.0.0.1:{server.port}", "rides@example.org", None)
        settings = replace(settings, mail=mail)
        database = open_database(settings)
        with database.transaction() as session:
            group = build.a_group(session)
            an_offer(session, group, build.a_driver(session, group))
        assert mailing_of(settings, database).send_next()
        [taken] = server.taken
        with database.transaction(reads_only=True) as session:
            assert taken.uid == str(session.scalars(select(Delivery.uid)).one())
        database.engine.dispose()
        database.vault.keys.close()
