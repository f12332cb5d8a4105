"""Redis: one server for the whole run, a numbered database of it for whoever asks."""

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from tests import gaps
from tests.services import keeper, process

_DATABASES = 10_000
"""More than tests: each takes the next number, so that none meets another's keys."""


def is_installed() -> bool:
    """Whether this machine has a Redis server."""
    return shutil.which("redis-server") is not None


GROUP = gaps.declare("redis", gaps.Group("Redis", is_installed, "apt-get install redis-server"))


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """Run a new server on a socket of its own; the keeper calls this."""
    with process.home_of("redis", "nobody") as (home, identity):
        path = str(home / "socket")

        def is_ready() -> bool:
            with socket.socket(socket.AF_UNIX) as asking:
                return asking.connect_ex(path) == 0

        command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", ""]
        command += ["--appendonly", "no", "--databases", str(_DATABASES)]
        with process.running(command, home, identity, is_ready=is_ready, end=signal.SIGTERM):
            yield {"socket": path}


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The path of the socket of this run's server."""
    gaps.require(GROUP)
    with keeper.kept(keeper.folder_of_run(tmp_path_factory), "redis") as known:
        yield known["socket"]


@pytest.fixture
def redis_url(redis_server: str) -> Iterator[str]:
    """The URL of an empty database, for one test."""
    with redis.Redis(unix_socket_path=redis_server) as first:
        number = first.incr("databases given out")
    url = f"unix://{redis_server}?db={number}"
    yield url
    with redis.Redis.from_url(url) as mine:
        mine.flushdb()
