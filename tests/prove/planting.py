"""Plants faults in a copy of the project, one at a time, and sees which ones its tests notice.

`python -m tests.prove.planting FILES… -- TESTS…`, in the copy. mutmut writes all faults of a
function beside it; which of them is there, the environment says. The tests run once without any,
to learn which functions each of them reaches. Then a fork of that very process runs, for every
fault, those that reach it until one fails: first what noticed other faults of the function most
often, then the tests of the same module, then the quick ones.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import get_mutant_name

from tests import running
from tests.prove.survivors import EXPLAINED, NOTICED, SURVIVED, UNTESTED, is_explained, words_of

_SPARED = ("models.py", "views.py", "forms.py")
"""The tables and the sentences are read by the house's own tests."""
_PATIENCE, _TIMES = 2.0, 10
"""Seconds of work, and so many times what a test took without a fault: then it never ends."""
_STANDSTILL = 120
"""Seconds after which nothing moves any more."""
_NOBODY = 255
"""What a process ends with whose fault was noticed, but not by a test that has a place."""


def main(arguments: list[str], told: TextIO) -> int:
    """Plant and test; a line "fate fault" in `told` for each. The exit status of pytest."""
    split = arguments.index("--")
    faults = _plant(arguments[:split])
    running.work_in_memory()
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        # A server for every fault would take hours; both databases are tested elsewhere.
        options = [f"--basetemp={folder}/tests", "-pno:cacheprovider", "-knot postgresql"]
        return pytest.main(
            [*options, *arguments[split + 1 :]], [_Planting(faults, Path(folder) / "tests", told)]
        )


def _plant(patterns: Iterable[str]) -> list[str]:
    """Write the faults into the files; their names."""
    names = []
    for path in sorted({path for pattern in patterns for path in Path().glob(pattern)}):
        if path.name not in _SPARED:
            made = mutate_file_contents(str(path), path.read_text())
            path.write_text(made.code)
            names += [get_mutant_name(path, name) for name in made.mutant_names]
    return names


class _Planting:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, faults: list[str], folder: Path, told: TextIO) -> None:
        self.faults, self.folder, self.told = faults, folder, told
        self.reaching: dict[str, list[pytest.Item]] = defaultdict(list)
        self.seconds: Counter[str] = Counter()
        self.noticed: dict[str, Counter[str]] = defaultdict(Counter)
        """How many faults of a function each test noticed."""
        self.failed: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which tests reach what, then try every fault."""
        set_mutant_under_test("stats")
        for item, after in zip(session.items, [*session.items[1:], *session.items], strict=False):
            _run(item, after)
            for function in state()._stats:
                self.reaching[function].append(item)
            state()._stats.clear()
        if self.failed or session.testsfailed:
            raise pytest.UsageError(f"without any fault: {self.failed}")
        gc.freeze()
        for number, fault in enumerate(self.faults, start=1):
            self.told.write(f"\n{number}/{len(self.faults)} {self._fate(fault)} {fault}\n")
            self.told.flush()
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what failed, and how long each test took."""
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.append(report.nodeid)

    def _fate(self, fault: str) -> str:
        if is_explained(words_of(fault, Path())):
            return EXPLAINED
        function = fault.partition("__mutmut_")[0]
        module = function.rpartition(".")[0].replace(".", "/")
        own = f"tests/{module.rpartition('/')[0]}/test_{module.rpartition('/')[2]}.py"
        noticed = self.noticed[function]
        items = sorted(
            self.reaching[function],
            key=lambda item: (
                -noticed[item.nodeid],
                not item.nodeid.startswith(own),
                self.seconds[item.nodeid],
            ),
        )
        if not items:
            return UNTESTED
        known = {*self.folder.glob("*")}
        notices = self._notices(items, fault, noticed)
        for left in {*self.folder.glob("*")} - known:
            shutil.rmtree(left, ignore_errors=True)
        return NOTICED if notices else SURVIVED

    def _notices(self, items: list[pytest.Item], fault: str, noticed: Counter[str]) -> bool:
        with warnings.catch_warnings():
            # A test's threads have ended; what else there is holds nothing.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            place = _NOBODY
            with suppress(BaseException):
                set_mutant_under_test(fault)
                signal.alarm(_STANDSTILL)
                place = self._first_that_fails(items)
            os._exit(place)
        status = os.waitpid(child, 0)[1]
        place = os.waitstatus_to_exitcode(status)
        if 0 < place <= min(len(items), _NOBODY - 1):
            noticed[items[place - 1].nodeid] += 1
        return place != 0

    def _first_that_fails(self, items: list[pytest.Item]) -> int:
        """Its place among the tests, from 1; 0 if none fails."""
        other = next(one for one in items[0].session.items if one is not items[-1])
        following = zip(items, [*items[1:], other], strict=True)
        for place, (item, after) in enumerate(following, start=1):
            seconds = _PATIENCE + _TIMES * self.seconds[item.nodeid]
            signal.setitimer(signal.ITIMER_PROF, seconds)
            _run(item, after)
            if self.failed:
                return min(place, _NOBODY)
        return 0


def _run(item: pytest.Item, after: pytest.Item) -> None:
    """Run one test; what it shares with the one `after` it stays set up."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)


if __name__ == "__main__":
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as terminal:
        status = main(sys.argv[1:], terminal)
    sys.exit(status)
