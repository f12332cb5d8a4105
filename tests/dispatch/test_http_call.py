"""One question to one server: its whole answer, in time, or none."""

import http.client
import threading

import pytest

from dispatch.http_call import Answer, NoAnswer, Question, TooSlow, ask
from tests.dispatch.crypto import transit_server

SAID = Question("GET", "/v1/transit/keys/dispatch", {"X-Vault-Token": transit_server.TOKEN})


@pytest.fixture
def there():
    with transit_server.listening() as made:
        yield made


@pytest.fixture
def connection(there):
    made = http.client.HTTPConnection(there.url.removeprefix("http://"), timeout=5)
    yield made
    made.close()


def asked(connection, seconds: float = 5.0, **options) -> Answer:
    return ask(connection, SAID, seconds=seconds, **{"most_bytes": 1000, **options})


def test_a_connection_is_closed_or_stays_open_as_is_wished(connection, there):
    assert asked(connection).status == 200
    assert connection.sock is None
    assert asked(connection, stays_open=True).status == 200
    assert connection.sock is not None
    assert asked(connection, stays_open=True).status == 200
    assert there.connections == 2


def test_of_a_long_answer_no_more_is_read_than_tells_so(connection):
    assert len(asked(connection, most_bytes=20, stays_open=True).body) == 21
    assert connection.sock is None


def test_who_is_too_slow_is_hung_up_on(connection, there):
    there.pause = 0.05
    with pytest.raises(TooSlow):
        asked(connection, seconds=0.2, stays_open=True)
    for thread in threading.enumerate():
        if thread.name.endswith("(carry_out)"):
            thread.join(5)
            assert not thread.is_alive()
    assert connection.sock is None


def test_nobody_there_is_an_error(there):
    with pytest.raises(NoAnswer) as error:
        asked(http.client.HTTPConnection("127.0.0.1:1", timeout=5))
    assert "keys" not in str(error.value)
    assert not error.value.may_be_heard


def test_who_is_hung_up_on_may_have_heard_the_question(connection, there):
    there.pause = 0.05
    with pytest.raises(TooSlow) as error:
        asked(connection, seconds=0.2)
    assert error.value.may_be_heard


def test_who_was_not_reached_in_time_never_hears_the_question(connection, there, monkeypatch):
    slow, over = threading.Event(), threading.Event()
    connect = connection.connect

    def connect_late():
        slow.wait(5)
        connect()
        over.set()

    monkeypatch.setattr(connection, "connect", connect_late)
    with pytest.raises(TooSlow) as error:
        asked(connection, seconds=0.1)
    assert not error.value.may_be_heard
    slow.set()
    assert over.wait(5)
    for thread in threading.enumerate():
        if thread.name.endswith("(carry_out)"):
            thread.join(5)
    assert there.heard == []


def test_what_is_asked_and_answered_is_not_in_the_texts_of_either(connection):
    assert transit_server.TOKEN not in repr(SAID)
    assert "aes256" not in repr(asked(connection))
