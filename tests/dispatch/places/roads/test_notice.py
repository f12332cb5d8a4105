"""The file by which processes share one engine."""

import os
import subprocess
import sys

import pytest

from dispatch.places.roads import notice
from dispatch.places.roads.notice import Notice, Running

RUNNING = Running(port=4711, process=17, mark="1-2")
HOLDS = """
import pathlib, sys, time
from dispatch.places.roads.notice import Notice
assert Notice.take(pathlib.Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "places" / "engine.lock"


def test_one_holds_it_at_a_time(path):
    first = Notice.take(path)
    assert Notice.take(path) is None
    first.close()
    assert Notice.take(path) is not None


def test_what_the_holder_says_is_read_by_others(path):
    held = Notice.take(path)
    assert notice.read(path) is None
    held.say(RUNNING)
    assert notice.read(path) == RUNNING
    held.say(None)
    assert notice.read(path) is None


def test_whoever_takes_over_begins_with_an_empty_one(path):
    path.parent.mkdir()
    path.write_text('{"port": 1, "process": 2, "mark": "old"}')
    assert Notice.take(path)
    assert notice.read(path) is None


def test_it_lets_go_with_the_holders_end_however_that_happens(path):
    command = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        assert Notice.take(path) is None
        holder.kill()
    assert Notice.take(path) is not None


def test_only_the_owner_may_read_it(path):
    Notice.take(path)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": 1}', "7"])
def test_what_is_half_written_says_nothing(path, text):
    path.parent.mkdir()
    path.write_text(text)
    assert notice.read(path) is None


def test_a_network_of_its_own_has_an_engine_of_its_own(tmp_path, monkeypatch):
    here = notice.path_in(tmp_path)
    real = os.stat

    def elsewhere(path, *words, **named):
        return real("/" if path == "/proc/self/ns/net" else path, *words, **named)

    monkeypatch.setattr(os, "stat", elsewhere)
    assert notice.path_in(tmp_path) != here
