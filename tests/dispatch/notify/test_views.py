"""The page of calls."""

import re

import pytest
from sqlalchemy import select

from dispatch.families.models import Family
from dispatch.notify import service
from dispatch.notify.models import DeliveryState, Message, MessageKind
from dispatch.people.models import User
from tests.build import a_coordinator, a_driver, a_family, a_group, a_ride, a_steward
from tests.dispatch.notify.waiting import an_offer, deliveries_of, with_mail


class Desk:
    """A browser in which a coordinator is signed in; two families wait for a call."""

    def __init__(self, database, client_of):
        self.database = database
        with database.transaction() as session:
            self.group = a_group(session)
            user_id = a_coordinator(session, self.group).user_id
            for _ in range(2):
                family = a_family(session, self.group, language="en")
                self.tell(session, a_ride(session, self.group, family=family), "first")
            self.driver = a_driver(session, self.group).user
            self.stranger = session.get_one(User, a_coordinator(session, a_group(session)).user_id)
            self.user = session.get_one(User, user_id)
        self.client = client_of(self.user)

    def tell(self, session, ride, once):
        service.tell_family(
            session,
            kind=MessageKind.RIDE_CANCELLED,
            family_id=ride.family_id,
            ride=ride,
            facts={},
            once=f"{once}:{ride.uid}",
            now=ride.window_starts_at,
        )

    def messages(self):
        with self.database.session() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))

    def page(self):
        return self.client.get("/messages").get_data(as_text=True)


@pytest.fixture
def desk(database, client_of):
    return Desk(database, client_of)


def told(client, *messages):
    return client.post("/messages/told", data={"message": [one.uid for one in messages]})


def test_the_page_says_what_to_say_and_hides_the_number(desk):
    page = desk.page()
    assert page.count("“Your ride on Tuesday 9 March at 10:00 is cancelled.”") == 2
    assert "604-555-0117" not in page
    assert len(re.findall('hx-post="[^"]*/reveal.part=phone"', page)) == 2


def test_a_language_that_few_speak_is_called_by_its_name(desk):
    with desk.database.transaction() as session:
        for family in session.scalars(select(Family)):
            family.language = "prs"
    page = desk.page()
    assert "Dari" in page
    assert "prs" not in page


def test_who_knows_leaves_the_list_until_that_is_undone(desk):
    first, _second = desk.messages()
    assert told(desk.client, first).status_code == 303
    page = desk.page()
    assert "One family waits for a call." in page
    undo = re.search(r'action="(/messages/untold[^"]*)"', page)[1]
    assert desk.client.post(undo).status_code == 303
    assert desk.messages()[0].told_at is None


def test_two_who_call_at_once_are_told_so(desk):
    first, second = desk.messages()
    told(desk.client, first)
    answer = told(desk.client, second, first)
    assert answer.status_code == 409
    assert "Somebody has told them already." in answer.get_data(as_text=True)
    assert desk.messages()[1].told_at is None


def test_newer_news_keep_an_old_telling_from_being_undone(desk):
    first, _second = desk.messages()
    told(desk.client, first)
    with desk.database.transaction() as session:
        desk.tell(session, session.get_one(Message, first.id).ride, "second")
    answer = desk.client.post(f"/messages/untold?message={first.uid}")
    assert answer.status_code == 409
    assert desk.messages()[0].told_at is not None


@pytest.mark.parametrize("message", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_message_that_is_not_there_is_not_found(desk, message):
    assert desk.client.post("/messages/told", data={"message": message}).status_code == 404


def test_another_group_sees_no_message_and_a_driver_no_page(desk, client_of):
    stranger = client_of(desk.stranger)
    assert "Everybody knows." in stranger.get("/messages").get_data(as_text=True)
    assert told(stranger, *desk.messages()).status_code == 404
    assert client_of(desk.driver).get("/messages").status_code == 403


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (DeliveryState.FAILED, "No message reached them: call."),
        (DeliveryState.UNSURE, "it is not sent twice: call."),
    ],
)
def test_a_driver_who_was_not_reached_by_letter_stands_there_until_called(desk, state, says):
    with desk.database.transaction() as session:
        driver = a_driver(with_mail(session), session.merge(desk.group))
        offer = an_offer(session, session.merge(desk.group), driver)
        [delivery] = deliveries_of(session, offer)
        delivery.state, delivery.tries = state, 1
        message = delivery.message
    page = desk.page()
    assert says in page
    assert f'<a href="/drivers/{driver.uid}">{driver.number}</a>' in page
    answer = told(desk.client, message)
    assert answer.status_code == 303
    assert says not in desk.page()
    assert told(desk.client, message).status_code == 409


STUCK = "and nobody sends them"


def test_every_page_of_the_desk_says_that_nobody_sends_the_letters(desk, client_of, moment):
    with desk.database.transaction() as session:
        group = session.merge(desk.group)
        an_offer(with_mail(session), group, a_driver(session, group))
        steward = session.get_one(User, a_steward(session).user_id)
    pages = {desk.client: "/messages", client_of(steward): "/groups"}
    assert not any(STUCK in client.get(page).text for client, page in pages.items())
    moment.pass_by(minutes=11)
    assert all(STUCK in client.get(page).text for client, page in pages.items())
    assert STUCK not in client_of(desk.stranger).get("/messages").text
    assert STUCK not in client_of(desk.driver).get("/today").text
