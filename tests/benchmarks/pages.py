"""How quick the pages are: `python -m tests.benchmarks.pages`.

The board of 200 rides, most of them promised or proposed, at 50 requests a second for 20 seconds,
with two web workers; a request saved, one after the other. A latency counts from the moment a
request was due, so that a server that falls behind shows it. The load generator runs on the same
cores as the server.
"""

import http.client
import re
import statistics
import threading
import time
from datetime import date, timedelta
from queue import Queue
from urllib.parse import urlencode

from tests.benchmarks.installation import Running, running

RATE = 50
SECONDS = 20
SAVES = 200


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of `values` stay at or below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def tell(name: str, seconds: list[float]) -> None:
    """One line of the report, in milliseconds."""
    p50, p99 = statistics.median(seconds) * 1000, percentile(seconds, 0.99) * 1000
    print(f"{name:<42} n={len(seconds):<5} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")  # noqa: T201


def at_rate(site: Running, path: str, *, rate: int, seconds: int, threads: int = 16) -> list[float]:
    """Latencies of a page, due `rate` times a second whatever the server does.

    Each thread keeps its connection, as a browser does.

    Raises
        ValueError: an answer was not the page.
    """
    due: Queue[float | None] = Queue()
    latencies: list[float] = []
    wrong: list[int] = []

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        while (moment := due.get()) is not None:
            time.sleep(max(0.0, moment - time.perf_counter()))
            line.request("GET", path, headers={"Cookie": site.cookie})
            response = line.getresponse()
            if not response.read().endswith(b"</html>") or response.status != 200:
                wrong.append(response.status)
            latencies.append(time.perf_counter() - moment)
        line.close()

    crew = [threading.Thread(target=work) for _number in range(threads)]
    start = time.perf_counter() + 0.5
    for number in range(rate * seconds):
        due.put(start + number / rate)
    for _one in crew:
        due.put(None)
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if wrong or len(latencies) != rate * seconds:
        raise ValueError(f"{path} answered {sorted(set(wrong))}, {len(latencies)} times")
    return latencies


def get(site: Running, path: str) -> str:
    """The page at `path`.

    Raises
        ValueError: it is not a page.
    """
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    line.request("GET", path, headers={"Cookie": site.cookie})
    response = line.getresponse()
    body = response.read().decode()
    cookies = [value.split(";")[0] for name, value in response.getheaders() if name == "Set-Cookie"]
    line.close()
    if response.status != 200:
        raise ValueError(f"{path} answered {response.status}")
    return "\n".join([*cookies, body])


def board(site: Running) -> list[float]:
    """The board at `RATE`."""
    path = f"/board?day={site.day}"
    for _warm in range(20):
        get(site, path)
    return at_rate(site, path, rate=RATE, seconds=SECONDS)


def save(site: Running) -> list[float]:
    """A one-way request saved, the form fetched before each."""
    return [_save(site, site.day + timedelta(days=1 + number % 60)) for number in range(SAVES)]


def _save(site: Running, on: date) -> float:
    page = get(site, "/requests/new")
    forms_cookie = re.search(r"^(forms=[^\n]+)", page).group(1)
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    hidden = {name: fields[name] for name in ("csrf_token", "form_token")}
    typed = {
        "family": site.family,
        "pickup": "Home",
        "dropoff": site.place,
        "day": on.isoformat(),
        "time": "10:00",
        "anchor": "arrive_by",
        "flexible": "30",
        "return": "none",
        "adults": "1",
        "children": "0",
        "purpose": "medical",
    }
    body = urlencode({**hidden, **typed})
    headers = {
        "Cookie": f"{site.cookie}; {forms_cookie}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{site.port}",
    }
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    began = time.perf_counter()
    line.request("POST", "/requests/new", body, headers)
    response = line.getresponse()
    response.read()
    seconds = time.perf_counter() - began
    line.close()
    if response.status != 303:
        raise ValueError(f"saving answered {response.status}")
    return seconds


def main() -> None:
    """Time both and print a line each."""
    with running(rides=200, drivers=80) as site:
        tell(f"board of 200 rides, {RATE} requests/s", board(site))
        tell("a request saved", save(site))


if __name__ == "__main__":
    main()
