"""The steward's page about the geocoding server, and what coordinators see of it."""

import re
from dataclasses import replace
from http.client import HTTPConnection

import pytest
from sqlalchemy import select

from dispatch.app import create_app
from dispatch.audit.models import AuditEvent
from dispatch.geocoding_server import GeocodingServer, named
from dispatch.http_call import Answer
from dispatch.people import sessions
from dispatch.people.models import User
from dispatch.places.models import GeocoderConsent
from dispatch.places.servers import adapter
from tests.build import a_coordinator, a_driver, a_group, a_steward
from tests.dispatch.places.servers.fakes import NOMINATIM, listening

PUBLIC = named("nominatim", "https://nominatim.openstreetmap.org")
ALLOW = {"host": "nominatim.openstreetmap.org", "has_read": "1"}
TYPED = {"find": "home-", "home-line": "1201 Wealthy Street Southeast", "home-town": "Grand Bend"}


class World:
    """An application whose settings name a server, and the browsers of three people."""

    def __init__(self, settings, database, moment, server: GeocodingServer | None) -> None:
        self.database = database
        app = create_app(replace(settings, geocoder=server), database=database)
        app.config["WTF_CSRF_ENABLED"] = False
        with database.transaction() as session:
            group = a_group(session)
            rosa, driver = a_coordinator(session, group), a_driver(session, group).user
            users = [one.user_id for one in (a_steward(session), rosa, driver)]
            tokens = [
                sessions.begin(session, session.get_one(User, user), now=moment.at)
                for user in users
            ]
        self.steward, self.rosa, self.driver = (app.test_client() for _ in tokens)
        for client, token in zip((self.steward, self.rosa, self.driver), tokens, strict=True):
            client.set_cookie("dispatch", token)

    def all(self, model):
        with self.database.transaction(reads_only=True) as session:
            return session.scalars(select(model)).all()


@pytest.fixture
def world(settings, database, moment):
    """A function from the server in the settings to a world."""
    return lambda server: World(settings, database, moment, server)


@pytest.fixture
def fake():
    with listening() as server:
        server.answer = NOMINATIM
        yield server


@pytest.fixture
def public(fake, monkeypatch):
    """The public server's name, with the made-up server behind it: nothing leaves the machine."""

    def connection(_self, _scheme, place):
        assert place == PUBLIC.host
        return HTTPConnection(fake.url.removeprefix("http://"))

    monkeypatch.setattr(adapter.Straight, "_connection", connection)
    return fake


def test_without_a_server_the_page_says_that_none_is_asked(world):
    here = world(None)
    assert "so none is asked" in here.steward.get("/geocoder").text
    assert here.steward.post("/geocoder/allow", data=ALLOW).status_code == 409
    assert here.steward.post("/geocoder/stop").status_code == 303
    assert here.all(GeocoderConsent) == []


def test_the_groups_page_leads_there(world):
    assert 'href="/geocoder"' in world(None).steward.get("/groups").text


def test_a_server_of_ones_own_is_asked_and_the_page_says_so(world, fake, caplog):
    here = world(fake.setting("nominatim"))
    assert "a server of your own" in here.steward.get("/geocoder").text
    page = here.rosa.get("/families/new").text
    assert "127.0.0.1 is asked." in page
    assert 'hx-post="/places/find"' in page
    answer = here.rosa.post("/places/find", data=TYPED)
    assert "1201 Wealthy Street Southeast, Grand Bend 49506" in answer.text
    assert "A known address. Found by 127.0.0.1." in answer.text
    assert fake.asked()["q"] == ["1201 Wealthy Street Southeast, Grand Bend"]
    assert "Wealthy" not in caplog.text


def test_without_script_the_button_of_the_form_asks_too(world, fake):
    here = world(fake.setting("nominatim"))
    answer = here.rosa.post("/families/new", data=TYPED)
    assert answer.status_code == 200
    assert "Found by 127.0.0.1." in answer.text
    assert len(fake.heard) == 1


def test_no_key_that_is_pressed_asks_a_server(world, fake):
    here = world(fake.setting("nominatim"))
    here.rosa.get("/families/new")
    here.rosa.post("/places/suggest", data=TYPED)
    here.rosa.post("/places/pin", data={"home-lat": "42.96", "home-lon": "-85.66"})
    here.rosa.post("/families/new", data={**TYPED, "find": "<no button of ours>"})
    assert fake.heard == []


def test_a_server_that_fails_is_said_and_the_pin_is_dropped_by_hand(world, fake):
    here = world(fake.setting("nominatim"))
    fake.status = 500
    answer = here.rosa.post("/places/find", data=TYPED)
    assert "127.0.0.1 did not answer. Drop the pin by hand." in answer.text


def test_a_public_server_is_not_asked_before_a_steward_allows_it(world, public):
    here = world(PUBLIC)
    assert "Find it on the map" not in here.rosa.get("/families/new").text
    here.rosa.post("/places/find", data=TYPED)
    here.rosa.post("/families/new", data=TYPED)
    page = here.steward.get("/geocoder").text
    assert "the home of a family or a driver" in page
    assert "cannot be called back" in page
    assert "It is not asked" in page
    assert public.heard == []


def test_allowing_needs_the_word_that_it_was_read(world, public):
    here = world(PUBLIC)
    answer = here.steward.post("/geocoder/allow", data={"host": PUBLIC.host})
    assert answer.status_code == 422
    assert "Say that you have read" in answer.text
    elsewhere = here.steward.post("/geocoder/allow", data={**ALLOW, "host": "photon.komoot.io"})
    assert elsewhere.status_code == 409
    assert here.all(GeocoderConsent) == []


def test_a_public_server_is_allowed_asked_and_stopped_again(world, public):
    here = world(PUBLIC)
    assert here.steward.post("/geocoder/allow", data=ALLOW).status_code == 303
    assert "It is asked, since" in here.steward.get("/geocoder").text
    page = here.rosa.get("/families/new").text
    assert "a public service: it learns the address" in page
    found = here.rosa.post("/places/find", data=TYPED).text
    assert "Found by nominatim.openstreetmap.org." in found
    assert len(public.heard) == 1
    assert here.steward.post("/geocoder/stop").status_code == 303
    here.rosa.post("/places/find", data=TYPED)
    assert "Find it on the map" not in here.rosa.get("/families/new").text
    assert len(public.heard) == 1
    noted = [one.action for one in here.all(AuditEvent)]
    assert re.findall("geocoder:(?:allow|stop)", " ".join(noted)) == [
        "geocoder:allow",
        "geocoder:stop",
    ]


def test_only_a_steward_has_the_page(world, public):
    here = world(PUBLIC)
    for client in (here.rosa, here.driver):
        assert client.get("/geocoder").status_code == 403
        assert client.post("/geocoder/allow", data=ALLOW).status_code == 403
        assert client.post("/geocoder/stop").status_code == 403
    assert here.driver.post("/places/find", data=TYPED).status_code == 403
    assert here.all(GeocoderConsent) == []


def test_the_page_speaks_spanish(world, public):
    here = world(PUBLIC)
    with here.database.transaction() as session:
        for user in session.scalars(select(User).where(User.is_steward)):
            user.language = "es"
    assert "No se le pregunta" in here.steward.get("/geocoder").text


def test_others_may_write_while_a_server_is_asked(world, fake, database, monkeypatch):
    here = world(fake.setting("nominatim"))
    written = []

    def write_meanwhile(*_asked, **_limits) -> Answer:
        with database.transaction() as session:
            a_group(session, name="Made meanwhile")
        written.append(True)
        return Answer(200, b"[]")

    monkeypatch.setattr(adapter, "ask", write_meanwhile)
    assert here.rosa.post("/places/find", data=TYPED).status_code == 200
    assert written == [True]
