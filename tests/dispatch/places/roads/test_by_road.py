"""Driving times by road, and the estimate where these cannot be had."""

import errno
import os
import re
import signal
import threading

import pytest
from structlog.testing import capture_logs

from dispatch.places import editions
from dispatch.places.roads import by_road, notice, programs
from dispatch.places.roads.by_road import ByRoad
from dispatch.places.roads.engine import Engine
from dispatch.places.roads.estimate import Estimate
from dispatch.places.roads.matrix import Basis
from tests.dispatch.places.roads.edition import use
from tests.services.roads import GROUP, IN_THE_SEA, N1, S0, S1, W0, W1, W2, W3


@pytest.fixture
def roads_for(settings_for):
    """A function from some settings to an engine, let go after the test."""
    made = []

    def make(**values):
        made.append(ByRoad(settings_for(**values)))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def by_server(fake, roads_for, monkeypatch):
    """Driving times from the made-up server."""
    monkeypatch.setattr(by_road, "_AGAIN_AFTER", 0.01)
    return roads_for(osrm_url=fake.url)


def text_of(point):
    return f"{point[1]:.6f},{point[0]:.6f}"


@pytest.mark.needs(GROUP)
def test_roads_are_looked_at_one_way_streets_included(data_dir, roads_for):
    matrix = roads_for().matrix([W1, N1, W3])
    assert (matrix.basis, matrix.is_estimate) == (Basis.ROAD_MAP, False)
    there, back = matrix.seconds[0][1], matrix.seconds[1][0]
    assert 0 < there < back
    assert [matrix.seconds[index][index] for index in range(3)] == [0, 0, 0]
    assert all(type(one) is int for row in matrix.seconds for one in row)


@pytest.mark.needs(GROUP)
def test_what_no_road_joins_and_what_lies_off_the_road_are_told_apart(data_dir, roads_for):
    matrix = roads_for().matrix([W0, S0, IN_THE_SEA, S1])
    assert matrix.astray == {2}
    assert matrix.unreachable() == [(0, 1), (0, 3), (1, 0), (3, 0)]
    assert [row[2] for row in matrix.seconds] == [-1, -1, 0, -1]
    assert matrix.seconds[2] == [-1, -1, 0, -1]
    assert matrix.seconds[1][3] > 0


@pytest.mark.needs(GROUP)
def test_how_far_off_the_road_is_too_far_is_a_setting(data_dir, roads_for):
    assert roads_for(snap_metres=5_000).matrix([W0, IN_THE_SEA]).astray == set()


@pytest.mark.needs(GROUP)
def test_legs_follow_the_roads_in_whole_minutes(data_dir, roads_for):
    roads = roads_for()
    there, back = roads.legs([W1, N1, W1]).minutes
    seconds = roads.matrix([W1, N1]).seconds
    assert 0 < there < back
    assert (there, back) == (-(-seconds[0][1] // 60), -(-seconds[1][0] // 60))


@pytest.mark.needs(GROUP)
def test_an_engine_that_was_killed_is_started_again_and_the_question_answered(data_dir, roads_for):
    roads, other = roads_for(), Engine(data_dir, programs.find(None))
    before = roads.matrix([W0, W1])
    os.kill(other.running().process, signal.SIGKILL)
    after = roads.matrix([W0, W2])
    assert (before.basis, after.basis) == (Basis.ROAD_MAP, Basis.ROAD_MAP)


@pytest.mark.needs(GROUP)
def test_a_new_map_is_used_with_no_restart(data_dir, town_roads, roads_for, tmp_path):
    roads = roads_for()
    assert roads.matrix([W0, W3]).basis is Basis.ROAD_MAP
    use(town_roads, data_dir, 2)
    (data_dir / "places" / "edition-1").rename(tmp_path / "gone")
    assert roads.matrix([W0, W3]).basis is Basis.ROAD_MAP
    assert roads.legs([W0, W3]).basis is Basis.ROAD_MAP


@pytest.mark.needs(GROUP)
def test_files_that_the_engine_cannot_read_lead_to_a_marked_estimate(data_dir, roads_for):
    (editions.current(data_dir) / "roads" / "roads.osrm.mldgr").write_bytes(b"torn")
    matrix = roads_for().matrix([W0, W3])
    assert matrix == Estimate(Basis.SILENT).matrix([W0, W3])


@pytest.mark.needs(GROUP)
def test_no_point_is_written_to_any_file_or_log(data_dir, roads_for, tmp_path, capfd):
    points = [W0, W1, W2, W3, N1, IN_THE_SEA]
    with capture_logs() as lines:
        roads = roads_for()
        roads.matrix(points)
        roads.legs(points)
        os.kill(Engine(data_dir, programs.find(None)).running().process, signal.SIGABRT)
        roads.matrix(points[1:])
    planted = tmp_path / "data" / "planted"
    planted.write_text(f"near {W0[0]:.6f}")
    digits = re.compile("|".join(re.escape(f"{one:.4f}") for point in points for one in point))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    found = [path for path in files if digits.search(path.read_bytes().decode("latin-1"))]
    assert found == [planted], "only what was planted, so that this can find something"
    said = capfd.readouterr()
    assert not digits.search(f"{lines} {said.out} {said.err}")


def test_a_folder_without_locks_leads_to_a_marked_estimate(roads_for, tmp_path, monkeypatch):
    def refuse(path):
        raise OSError(errno.ENOLCK, "No locks available", str(path))

    roads = editions.current(tmp_path / "data") / "roads"
    roads.mkdir(parents=True)
    (roads / "roads.osrm.properties").touch()
    monkeypatch.setattr(programs, "find", lambda folder: programs.Programs(tmp_path))
    monkeypatch.setattr(notice.Notice, "take", refuse)
    with capture_logs() as lines:
        assert roads_for().matrix([W0, W3]).basis is Basis.SILENT
    assert "No locks available" in lines[0]["why"]


def test_without_a_map_times_are_estimates(roads_for):
    roads = roads_for()
    assert roads.matrix([W0, W3]) == Estimate().matrix([W0, W3])
    assert roads.legs([W0, W3]).basis is Basis.NO_MAP


def test_with_a_map_and_no_engine_the_engine_is_missed(roads_for, tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "find", lambda folder: None)
    editions.current(tmp_path / "data").mkdir(parents=True)
    roads = roads_for()
    assert roads.matrix([W0]).basis is Basis.NO_ENGINE
    assert roads.legs([W0, W1]).basis is Basis.NO_ENGINE


def test_with_a_map_that_has_no_roads_the_map_is_missed(roads_for, tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "find", lambda folder: programs.Programs(tmp_path))
    editions.current(tmp_path / "data").mkdir(parents=True)
    assert roads_for().matrix([W0]).basis is Basis.NO_MAP


def test_a_server_of_the_groups_own_needs_no_map(fake, by_server):
    fake.apart.add((text_of(W0), text_of(W1)))
    fake.metres[text_of(W2)] = 401
    matrix = by_server.matrix([W0, W1, W2])
    assert matrix.basis is Basis.ROAD_SERVER
    assert (matrix.seconds[0][1], matrix.astray) == (-1, {2})
    assert matrix.seconds[1][0] == round(fake.seconds(text_of(W1), text_of(W0)))
    assert by_server.legs([W0, W2]).basis is Basis.ROAD_SERVER


def test_a_matrix_is_asked_for_once(fake, by_server):
    first = by_server.matrix([W0, W1, W2])
    again = by_server.matrix([W2, W0])
    assert len(fake.asked) == 1
    assert again.seconds[0][1] == first.seconds[2][0]


def test_an_estimate_is_not_remembered_as_if_it_were_an_answer(fake, by_server):
    fake.answer = (500, b"")
    assert by_server.matrix([W0, W1]).basis is Basis.SILENT
    fake.answer = None
    assert by_server.matrix([W0, W1]).basis is Basis.ROAD_SERVER


@pytest.mark.parametrize("answer", [(500, b"oops"), (200, b'{"code": "InvalidQuery"}')])
def test_a_server_that_gives_no_answer_leads_to_a_marked_estimate(fake, by_server, answer):
    fake.answer = answer
    with capture_logs() as lines:
        assert by_server.matrix([W0, W3]) == Estimate(Basis.SILENT).matrix([W0, W3])
        assert by_server.legs([W0, W3]) == Estimate(Basis.SILENT).legs([W0, W3])
    assert [line["points"] for line in lines] == [2, 2]


def test_a_server_that_is_gone_is_asked_once_more(roads_for, monkeypatch):
    monkeypatch.setattr(by_road, "_AGAIN_AFTER", 0.01)
    tries = []

    def refuse(server, path):
        tries.append(path)
        raise by_road.Gone("nobody")

    monkeypatch.setattr(by_road.Server, "_fetched", refuse)
    assert roads_for(osrm_url="http://127.0.0.1:9").matrix([W0, W1]).basis is Basis.SILENT
    assert len(tries) == 2


def test_where_the_roads_do_not_lead_the_legs_are_estimates(fake, by_server):
    fake.apart.add((text_of(W0), text_of(S0)))
    assert by_server.legs([W0, S0]) == Estimate(Basis.OFF_MAP).legs([W0, S0])
    fake.metres[text_of(W3)] = 5_001
    assert by_server.legs([W0, W3]).basis is Basis.OFF_MAP


def test_the_middle_of_an_area_may_lie_far_from_a_road(fake, by_server):
    fake.metres[text_of(W3)] = 4_000
    assert by_server.legs([W0, W3]).basis is Basis.ROAD_SERVER


def test_many_threads_get_the_same(fake, by_server):
    found = []

    def ask():
        found.append(by_server.matrix([W0, W1, W2]).seconds)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [found[0]] * 8
