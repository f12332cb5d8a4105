"""Keeping an engine running."""

import os
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from dispatch.places.editions import current
from dispatch.places.roads import keeper as keeping
from dispatch.places.roads import notice
from dispatch.places.roads.files import files_in
from dispatch.places.roads.keeper import Keeper
from dispatch.places.roads.notice import Notice
from dispatch.places.roads.programs import Programs
from tests.dispatch.places.roads.edition import found_programs, is_running, use, wait_until
from tests.services.roads import GROUP


class Kept:
    """A keeper under test, and what its notice says."""

    def __init__(self, data, programs):
        self.path = data / "engine.lock"
        self.folder = current(data) / "roads"
        self.keeper = Keeper(programs, self.folder, Notice.take(self.path))

    @property
    def running(self):
        return notice.read(self.path)

    def is_let_go(self):
        """Whether somebody else could take over."""
        held = Notice.take(self.path)
        if held:
            held.close()
        return held is not None


@pytest.fixture
def keep(tmp_path):
    """A function that begins to keep an engine; it is let go after the test."""
    made = []

    def begin(data, programs=None):
        made.append(Kept(data, programs or found_programs()))
        return made[-1]

    yield begin
    for one in made:
        one.keeper.end()


@pytest.fixture
def kept(keep, data_dir):
    begun = keep(data_dir)
    wait_until(lambda: begun.running)
    return begun


@pytest.fixture
def useless(tmp_path):
    """An engine that ends as soon as it starts, and writes down that it did."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "osrm-routed").write_text(f"#!/bin/sh\necho $@ >> {tmp_path}/starts\nexit 3\n")
    (folder / "osrm-routed").chmod(0o755)
    return Programs(folder)


@pytest.fixture
def any_data(tmp_path):
    """A data directory with files that are never read."""
    roads = tmp_path / "data" / "places" / "current" / "roads"
    roads.mkdir(parents=True)
    (roads / "roads.osrm.properties").touch()
    return tmp_path / "data"


@pytest.mark.needs(GROUP)
def test_the_engine_serves_the_files_of_the_folder(kept):
    assert kept.running.mark == files_in(kept.folder).mark
    assert is_running(kept.running.process)


@pytest.mark.needs(GROUP)
def test_one_that_was_killed_is_started_again_at_the_same_port(kept):
    before = kept.running
    os.kill(before.process, signal.SIGKILL)
    wait_until(lambda: kept.running and kept.running != before)
    assert kept.running.port == before.port
    assert is_running(kept.running.process)


@pytest.mark.needs(GROUP)
def test_a_newer_map_takes_the_place_of_the_older(kept, data_dir, town_roads):
    before = kept.running
    use(town_roads, data_dir, 2)
    wait_until(lambda: kept.running and kept.running != before)
    assert kept.running.mark == files_in(kept.folder).mark != before.mark
    wait_until(lambda: not is_running(before.process))


@pytest.mark.needs(GROUP)
def test_when_it_is_let_go_nothing_runs_and_others_may_take_over(kept):
    before = kept.running
    kept.keeper.end()
    assert not is_running(before.process)
    assert kept.running is None
    assert kept.is_let_go()


@pytest.mark.needs(GROUP)
def test_when_the_map_goes_the_engine_goes(kept, data_dir):
    process = kept.running.process
    (data_dir / "places" / "current").unlink()
    wait_until(kept.is_let_go)
    assert not is_running(process)


@pytest.mark.needs(GROUP)
def test_files_that_cannot_be_read_are_given_up(keep, data_dir):
    (current(data_dir) / "roads" / "roads.osrm.mldgr").write_bytes(b"torn")
    begun = keep(data_dir)
    wait_until(begun.is_let_go)
    assert begun.running is None


def test_an_engine_that_will_not_run_is_given_up_after_some_tries(keep, any_data, useless):
    with capture_logs() as lines:
        begun = keep(any_data, useless)
        wait_until(begun.is_let_go)
    starts = (useless.folder.parent / "starts").read_text().splitlines()
    assert len(starts) == keeping.MOST_FAILURES
    assert [line["event"] for line in lines] == ["the road engine ended"] * len(starts)


def test_one_that_starts_and_never_answers_is_given_up(keep, any_data, useless, monkeypatch):
    monkeypatch.setattr(keeping, "STARTS_WITHIN", 0.1)
    useless.routed.write_text("#!/bin/sh\nexec sleep 60\n")
    begun = keep(any_data, useless)
    wait_until(begun.is_let_go)
    assert begun.running is None


def test_it_listens_on_this_machine_alone_and_writes_nothing_down(keep, any_data, useless):
    begun = keep(any_data, useless)
    wait_until(begun.is_let_go)
    words = (useless.folder.parent / "starts").read_text().splitlines()[0].split()
    assert words[words.index("--ip") + 1] == "127.0.0.1"
    assert words[words.index("--verbosity") + 1] == "NONE"


@pytest.mark.needs(GROUP)
def test_what_the_engine_says_goes_nowhere(kept):
    for descriptor in (0, 1, 2):
        link = Path(f"/proc/{kept.running.process}/fd/{descriptor}")
        assert link.readlink() == Path("/dev/null")
