"""Nothing leaves the machine while a map is imported, searched, drawn and matched over.

The whole day happens in a network namespace of its own, where every packet that would leave is
counted.
"""

import json
import sys

import pytest

from dispatch.places.roads import programs
from tests.services import namespace

pytestmark = pytest.mark.needs("namespace")

_CONNECTS = (
    "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('198.51.100.7', 80))"
)
_SENDS = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'home', ('203.0.113.9', 9))"


@pytest.mark.parametrize("words", [_CONNECTS, _SENDS])
def test_a_program_that_reaches_out_is_noticed(tmp_path, words):
    assert namespace.run([sys.executable, "-c", words], tmp_path).packets > 0


def test_a_program_that_keeps_to_the_machine_sends_nothing(tmp_path):
    listening = (
        "import socket; s = socket.create_server(('127.0.0.1', 0));"
        "socket.create_connection(s.getsockname()).close(); print('done')"
    )
    outcome = namespace.run([sys.executable, "-c", listening], tmp_path)
    assert (outcome.output, outcome.packets) == ("done\n", 0)


def test_a_day_with_the_map_and_the_matcher_sends_nothing_outside(tmp_path):
    command = [sys.executable, "-m", "tests.security.whole_day", str(tmp_path)]
    outcome = namespace.run(command, tmp_path)
    assert outcome.status == 0, outcome.output
    day = json.loads(outcome.output.splitlines()[-1])
    (there, way), (back, also_there) = day.pop("times")
    assert there == also_there == 0
    assert min(way, back) > 300
    assert day == {
        "matched": True,
        "estimated": programs.find(None) is None,
        "suggested": True,
        "map": "PMTiles",
        "found": "17 Quay Street, Alder Bay 00001",
        "near": "exact",
    }
    assert outcome.packets == 0
