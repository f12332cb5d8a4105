"""The adapter for OSRM servers, against a made-up one."""

import socket

import pytest

from dispatch.places.roads.osrm import Gone, NoAnswer, Server

POINTS = [(49.0 + index / 100, -123.0 + index / 50) for index in range(7)]
TEXTS = [f"{lon:.6f},{lat:.6f}" for lat, lon in POINTS]


@pytest.fixture
def server(fake):
    return Server(fake.url, patience=5)


def expected(fake):
    rows = [[fake.seconds(start, end) for end in TEXTS] for start in TEXTS]
    return [[None if one is None else round(one) for one in row] for row in rows]


def test_a_table_has_whole_seconds_from_each_row_to_each_column(fake, server):
    table = server.table(POINTS)
    assert table.seconds == expected(fake)
    assert table.seconds[0][1] != table.seconds[1][0]
    assert all(type(one) is int for row in table.seconds for one in row)
    assert len(fake.asked) == 1


@pytest.mark.parametrize("block", [1, 2, 3, 6, 7, 50])
def test_blocks_make_the_same_table(fake, block):
    fake.metres[TEXTS[4]] = 321.5
    fake.apart.add((TEXTS[1], TEXTS[6]))
    table = Server(fake.url, block=block).table(POINTS)
    assert table.seconds == expected(fake)
    assert table.metres == [5, 5, 5, 5, 321.5, 5, 5]
    assert len(fake.asked) == (-(-7 // block)) ** 2


def test_pairs_that_no_road_joins_have_no_seconds(fake, server):
    fake.apart.add((TEXTS[0], TEXTS[2]))
    seconds = server.table(POINTS[:3]).seconds
    assert seconds[0][2] is None
    assert seconds[2][0] is not None


def test_how_far_each_point_lies_from_its_road_is_told(fake, server):
    fake.metres[TEXTS[1]] = 812.25
    assert server.table(POINTS[:2]).metres == [5, 812.25]


def test_no_points_make_an_empty_table_and_no_question(fake, server):
    table = server.table([])
    assert (table.seconds, table.metres, fake.asked) == ([], [], [])


def test_a_server_that_takes_fewer_points_is_asked_for_smaller_blocks(fake):
    fake.most = 12
    many = [(49.0 + index / 1000, -123.0) for index in range(40)]
    server = Server(fake.url)
    table = server.table(many)
    assert [len(row) for row in table.seconds] == [40] * 40
    assert all(table.seconds[index][index] == 0 for index in range(40))
    before = len(fake.asked)
    server.table(many[:5])
    assert len(fake.asked) == before + 1, "it is remembered"


@pytest.mark.parametrize("status", [413, 414, 431])
def test_a_server_in_front_that_takes_shorter_addresses_is_understood(fake, server, status):
    fake.answer = (status, b"<html>too long</html>")
    with pytest.raises(NoAnswer, match="too few points"):
        server.table(POINTS)
    assert len(fake.asked) > 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"code": "Ok"}',
        b'{"code": "Ok", "durations": [[0]], "sources": [{"distance": 1}]}',
        b'{"code": "Ok", "durations": [[0, 1], [1, 0]], "sources": [{"distance": 1}]}',
        b'{"code": "Ok", "durations": [[0, 1], [1, "x"]], "sources": [{}, {}]}',
        b'{"code": "InvalidQuery", "message": "near -123.000000,49.000000"}',
    ],
)
def test_what_is_no_answer_is_told_without_a_word_of_it(fake, server, body):
    fake.answer = (200, body)
    for ask in (server.table, server.route):
        with pytest.raises(NoAnswer) as told:
            ask(POINTS[:2])
        assert not isinstance(told.value, Gone)
        assert "49" not in str(told.value)


def test_an_answer_that_does_not_come_is_not_waited_for(fake):
    fake.slow.clear()
    with pytest.raises(NoAnswer) as told:
        Server(fake.url, patience=0.1).table(POINTS)
    assert not isinstance(told.value, Gone), "asked again, it would only be slow again"


def test_where_nobody_listens_the_server_is_gone():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(Gone):
            Server(f"http://127.0.0.1:{nobody.getsockname()[1]}").table(POINTS)


def test_a_redirection_is_not_followed(fake, server):
    fake.answer, fake.headers = (302, b""), {"Location": f"{fake.url}/elsewhere"}
    with pytest.raises(NoAnswer):
        server.route(POINTS[:2])
    assert len(fake.asked) == 1


def test_a_proxy_of_the_environment_learns_nothing(fake, server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert server.route(POINTS[:2])


def test_a_way_has_the_seconds_of_each_leg(fake, server):
    fake.metres[TEXTS[2]] = 70
    way = server.route(POINTS[:3])
    assert way.seconds == [fake.seconds(*TEXTS[:2]), fake.seconds(*TEXTS[1:3])]
    assert way.metres == [5, 5, 70]


def test_where_no_road_leads_there_is_no_way(fake, server):
    fake.apart.add((TEXTS[0], TEXTS[1]))
    assert server.route(POINTS[:2]) is None


def test_the_server_may_stand_below_a_path(fake):
    Server(f"{fake.url}/roads/").route(POINTS[:2])
    assert fake.asked[0].startswith("/roads/route/v1/driving/")
