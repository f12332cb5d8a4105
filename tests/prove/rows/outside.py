"""Nothing of the whole browser test leaves the machine: it runs in a network of its own, where
every packet that would go out is counted."""

import re
import sys

from tests.prove.figure import Figure, Row, Workplace, control
from tests.services import chromium, namespace

ROW = Row(
    what="outside connections in the whole browser test, in a namespace without network",
    must="0",
    quick=0,
    full=1,
    fewest=lambda size: 100 if size else 1,
    is_long=True,
    comes_first=True,
    needs=(namespace.NAMESPACE, chromium.GROUP),
)
_REACHES_OUT = (
    "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('198.51.100.7', 80))",
    "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'home', ('203.0.113.9', 9))",
)
_PAGE_REACHES_OUT = """
from tests.services import chromium
with chromium.running() as browser:
    page = browser.new_page()
    page.set_content("<img src='http://tiles.example.org/1/2/3.png'>")
    page.wait_for_timeout(1500)
"""
_TWO_AT_ONCE = ("-n", "2", "--dist", "loadgroup")
_QUICK = "tests/browser/test_find.py::test_no_key_asks_the_server_and_the_button_does"


def prove(at: Workplace) -> Figure:
    """Run the tests in the browser and count; programs that reach out have to be noticed."""
    for words in (*_REACHES_OUT, _PAGE_REACHES_OUT):
        outcome = namespace.run([sys.executable, "-c", words], at.folder)
        control(outcome.packets > 0, f"something that reaches out: {words}")
    tests = "tests/browser" if at.size else _QUICK
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    # Two at once, as in the ordinary run: one process after the other was the longest row of all.
    command = [*pytest, *(_TWO_AT_ONCE if at.size else ()), tests]
    outcome = namespace.run(command, at.folder)
    passed = re.search(r"\b(\d+) passed\b", outcome.output)
    failed = re.findall(r"^(?:FAILED|ERROR) .*", outcome.output, re.MULTILINE)
    return Figure(
        looked_at=0 if passed is None else int(passed.group(1)),
        unit="browser tests",
        measured="; ".join([f"{outcome.packets} packets", *failed]),
        holds=outcome.packets == 0 and outcome.status == 0,
        controls=len(_REACHES_OUT) + 1,
    )
