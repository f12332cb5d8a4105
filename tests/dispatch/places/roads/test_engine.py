"""One engine for all processes of a data directory."""

import subprocess
import sys

import pytest

from dispatch.places.editions import current
from dispatch.places.roads import engine as engines
from dispatch.places.roads.engine import Engine, NoEngine
from dispatch.places.roads.programs import Programs
from tests.dispatch.places.roads.edition import found_programs, is_running, use, wait_until
from tests.services.roads import GROUP

OTHER = """
import pathlib, sys, time
from dispatch.places.roads import programs
from dispatch.places.roads.engine import Engine
engine = Engine(pathlib.Path(sys.argv[1]), programs.find(None))
print(engine.running().process, flush=True)
time.sleep(60)
"""


@pytest.fixture
def an_engine():
    """A function from a data directory to its engine; let go after the test."""
    made = []

    def make(data, programs=None):
        made.append(Engine(data, programs or found_programs()))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def other(data_dir):
    """Another process that uses the engine, and the engine's id as it sees it."""
    command = [sys.executable, "-c", OTHER, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.seen = int(next(line for line in process.stdout if line.strip().isdecimal()))
        yield process
        process.kill()


@pytest.mark.needs(GROUP)
def test_it_starts_at_the_first_need_and_is_used_from_then_on(data_dir, an_engine):
    engine = an_engine(data_dir)
    assert list((data_dir / "places").glob("*.lock")) == []
    first = engine.running()
    assert engine.running() == first


@pytest.mark.needs(GROUP)
def test_two_processes_share_one(data_dir, an_engine, other):
    assert an_engine(data_dir).running().process == other.seen


@pytest.mark.needs(GROUP)
def test_when_its_owner_is_killed_it_ends_and_another_process_takes_over(
    data_dir, an_engine, other
):
    engine = an_engine(data_dir)
    engine.running()
    other.kill()
    other.wait()
    wait_until(lambda: not is_running(other.seen))
    taken_over = engine.running().process
    assert taken_over != other.seen
    assert is_running(taken_over)


@pytest.mark.needs(GROUP)
def test_two_data_directories_have_an_engine_each(data_dir, tmp_path, town_roads, an_engine):
    use(town_roads, tmp_path / "elsewhere", 1)
    one, another = (an_engine(data).running() for data in (data_dir, tmp_path / "elsewhere"))
    assert one.port != another.port
    assert one.process != another.process


@pytest.mark.needs(GROUP)
def test_a_new_import_is_served_by_whoever_owns_the_engine(data_dir, town_roads, an_engine, other):
    use(town_roads, data_dir, 2)
    found = an_engine(data_dir).running()
    assert found.process != other.seen
    wait_until(lambda: not is_running(other.seen))
    assert other.poll() is None, "the owner goes on"


@pytest.mark.needs(GROUP)
def test_one_that_was_thought_gone_and_is_not_is_used_on(data_dir, an_engine, monkeypatch):
    monkeypatch.setattr(engines, "GONE", 0.1)
    engine = an_engine(data_dir)
    first = engine.running()
    assert engine.running(gone=first) == first


def test_without_a_map_there_is_none(tmp_path, an_engine):
    with pytest.raises(NoEngine, match="no map"):
        an_engine(tmp_path, Programs(tmp_path)).running()


def test_after_one_that_would_not_start_nobody_waits_for_a_while(tmp_path, an_engine, monkeypatch):
    roads = current(tmp_path) / "roads"
    roads.mkdir(parents=True)
    (roads / "roads.osrm.properties").touch()
    engine = an_engine(tmp_path, Programs(tmp_path / "nowhere"))
    with pytest.raises(NoEngine, match="does not start"):
        engine.running()
    begun = []
    monkeypatch.setattr(engines.Notice, "take", lambda path: begun.append(path))
    with pytest.raises(NoEngine, match="does not start"):
        engine.running()
    assert begun == []
