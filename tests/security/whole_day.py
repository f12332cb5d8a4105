"""A coordinator's day on a new demo, and every command about the map: one JSON line at the end.

`python -m tests.security.whole_day FOLDER`; the test beside it runs this where nothing outside can
be reached.
"""

import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from dispatch.demo import people
from tests.services.demo import CALL, ROOT, a_demo, port_of

_PATIENCE = 120.0
"""Seconds until a match run has ended."""
TYPED = "17 quya st"


class Visitor:
    """A browser's requests without a browser: keeps cookies and sends the form's token."""

    def __init__(self, address: str) -> None:
        self.address = address
        keeping = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), keeping)

    def get(self, path: str, **headers: str) -> bytes:
        """What is at `path`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, headers=named)  # noqa: S310 -- ours
        with self._opener.open(request, timeout=60) as response:
            return response.read()

    def post(self, path: str, form: str, **fields: str) -> str:
        """Fill in the form at `form` and send it to `path`; the page that follows."""
        page = self.get(form).decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        body = urllib.parse.urlencode({"csrf_token": token, **fields}).encode()
        headers = {"Origin": self.address, "HX-Request": "true"}
        request = urllib.request.Request(self.address + path, data=body, headers=headers)  # noqa: S310
        with self._opener.open(request, timeout=60) as response:
            return response.read().decode()


def spend(folder: Path) -> dict[str, object]:
    """Start a demo in `folder` and use it; what came of it."""
    with a_demo(folder / "demo", "--port", "8300") as (_process, printed):
        rosa = Visitor(f"http://127.0.0.1:{port_of(printed)}")
        rosa.post(
            "/signin",
            "/signin",
            email=people.COORDINATORS[0].email,
            password=people.PASS_PHRASE,
        )
        board = _matched(rosa)
        suggested = rosa.post("/places/suggest", "/families/new", **{"home-line": TYPED})
        tiles = rosa.get(re.search(r"/map\.pmtiles[^\"&]*", board)[0], Range="bytes=0-16383")
        return {
            "matched": "roven" in board,
            "estimated": "Times are estimates" in board,
            "suggested": "17 Quay Street" in suggested,
            "map": tiles[:7].decode(),
            **_commands(folder),
        }


def _matched(rosa: Visitor) -> str:
    """The board of today once its match run has ended."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        board = rosa.get("/board").decode()
        if "roven" in board:
            return board
        time.sleep(0.5)
    return board


def _commands(folder: Path) -> dict[str, object]:
    data = ["--data-dir", str(folder / "demo")]
    (folder / "points.csv").write_text("43.6157,-63.3992\n43.6378,-63.4183\n")
    found = json.loads(_run("places", "find", *data, "--json", TYPED))
    near = json.loads(_run("places", "reverse", *data, "--json", "--", "43.6157", "-63.3992"))
    times = json.loads(_run("places", "times", *data, str(folder / "points.csv")))
    return {"found": found[0]["label"], "near": near["kind"], "times": times}


def _run(*words: str) -> str:
    call = CALL.replace("['demo', *sys.argv[1:]]", "sys.argv[1:]")
    command = [sys.executable, "-c", call, *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    print(json.dumps(spend(Path(sys.argv[1]))))  # noqa: T201 -- read by the test
