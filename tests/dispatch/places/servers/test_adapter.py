"""The way to a geocoding server: no other host, no proxy, no waiting without end."""

import threading
from base64 import b64encode

import pytest
from geopy.adapters import AdapterHTTPError
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut

from dispatch.places.servers import adapter
from dispatch.places.servers.adapter import Straight
from tests.dispatch.places.servers.fakes import Fake

ASKED = "/search?q=1243+Quarry"


def way_to(fake: Fake, **options: str) -> Straight:
    return Straight(proxies=None, ssl_context=None, origin=fake.url, **options)


def ask(fake: Fake, seconds: float = 5.0, **options: str) -> object:
    way = way_to(fake, **options)
    return way.get_json(fake.url + ASKED, timeout=seconds, headers={"User-Agent": "dispatch"})


def test_a_question_is_answered(fake):
    fake.answer = {"is": "here"}
    assert ask(fake) == {"is": "here"}
    assert fake.heard == [ASKED]
    assert fake.said[0]["User-Agent"] == "dispatch"
    assert "Authorization" not in fake.said[0]


def test_a_server_behind_a_door_is_told_the_password(fake):
    fake.answer = []
    ask(fake, login="rosa:larch")
    assert fake.said[0]["Authorization"] == f"Basic {b64encode(b'rosa:larch').decode()}"


def test_a_redirect_is_not_followed(fake, elsewhere):
    fake.status, fake.headers = 302, {"Location": elsewhere.url + ASKED}
    with pytest.raises(AdapterHTTPError, match="status 302"):
        ask(fake)
    assert len(fake.heard) == 1
    assert elsewhere.heard == []


def test_another_host_is_not_asked(fake, elsewhere):
    with pytest.raises(GeocoderServiceError, match="another host"):
        way_to(fake).get_json(elsewhere.url + ASKED, timeout=5, headers={})
    assert elsewhere.heard == []


def test_a_proxy_of_the_environment_is_not_used(fake, elsewhere, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.delenv("no_proxy", raising=False)
    fake.answer = []
    assert ask(fake) == []
    assert elsewhere.heard == []


def test_no_answer_in_time_is_an_error_however_slowly_it_drips(fake):
    fake.answer, fake.pause = {"long": "answer" * 20}, 0.05
    with pytest.raises(GeocoderTimedOut):
        ask(fake, seconds=0.3)  # all of it would take six
    for thread in threading.enumerate():
        if thread.name.endswith("(carry_out)"):
            thread.join(5)
            assert not thread.is_alive()


def test_a_server_that_is_not_there_is_an_error(fake):
    with pytest.raises(GeocoderServiceError, match="no connection"):
        Straight(proxies=None, ssl_context=None, origin="http://127.0.0.1:1").get_text(
            f"http://127.0.0.1:1{ASKED}", timeout=5, headers={}
        )


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (b"<html>not here</html>", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"", "not JSON"),
        (b'"' + b"x" * adapter.MOST_BYTES + b'"', "too long"),
    ],
)
def test_what_cannot_be_read_is_an_error(fake, answer, wrong):
    fake.answer = answer
    with pytest.raises(GeocoderParseError, match=wrong):
        ask(fake)


def test_no_error_says_what_was_asked(fake):
    fake.status, fake.answer = 500, {"q": "1243 Quarry"}
    with pytest.raises(AdapterHTTPError) as error:
        ask(fake)
    assert str(error.value) == "status 500"
    assert not error.value.text
