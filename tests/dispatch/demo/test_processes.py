"""Children of a demo: started, watched, and ended with it."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from dispatch.demo import processes
from dispatch.demo.processes import ChildEnded, Stop

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


def running(path: Path, **commands: list[str]):
    return processes.running(commands, environ=os.environ, folder=path, logs=path)


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_children_end_with_the_block(tmp_path):
    with running(tmp_path, web=SLEEPS, worker=SLEEPS) as children:
        pids = [child.process.pid for child in children]
        assert all(map(is_there, pids))
    assert not any(map(is_there, pids))


def test_children_end_also_when_something_goes_wrong(tmp_path):
    with pytest.raises(RuntimeError), running(tmp_path, web=SLEEPS) as (child,):
        raise RuntimeError("the lights went out")
    assert not is_there(child.process.pid)


def test_a_child_that_ends_by_itself_is_named_with_its_log(tmp_path):
    says = [sys.executable, "-c", "print('no room'); raise SystemExit(3)"]
    with Stop() as stop, running(tmp_path, worker=says) as children:
        with pytest.raises(ChildEnded, match="The worker ended by itself"):
            processes.wait_until_stopped(children, stop)
        assert children[0].log.read_text() == "no room\n"


def test_a_server_that_ends_before_it_answers_is_told(tmp_path):
    ends = [sys.executable, "-c", "raise SystemExit(1)"]
    port = processes.free_port(20_000)
    with (
        pytest.raises(ChildEnded, match="web"),
        Stop() as stop,
        running(tmp_path, web=ends) as children,
    ):
        processes.wait_until_healthy(port, children, stop)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_to_stop_and_is_given_back_afterwards(how):
    before = signal.getsignal(how)
    with Stop() as stop:
        assert not stop.wait(0)
        signal.raise_signal(how)
        assert stop.wait(0)
    assert signal.getsignal(how) is before


def test_a_taken_port_gives_way_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind((processes.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert processes.free_port(port) > port
