"""The solver's own process: a problem on standard input, lines of JSON on standard output.

It runs apart because the solver holds the interpreter while it searches, may need to be killed,
and should take its memory with it. Each line is one of
  {"begun": true}                                  it has loaded the solver and begins
  {"progress": {...}, "solution": {...} or null}   about twice a second, best plan so far
  {"solution": {...}, "explanations": {...}}       the end
  {"invalid": "...", "clash": [...]}               the problem cannot be
SIGTERM asks it to stop with the best plan it has.
"""

import importlib
import json
import signal
import sys
import threading
from typing import Any

import matching
from matching import explain, files

_EVERY = 0.4


def main() -> int:
    """Solve the problem on standard input; the exit status says whether a plan was written."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_args: stop.set())
    told = json.load(sys.stdin)
    importlib.import_module("matching.solo.solver")  # else its loading would count as searching
    _say({"begun": True})
    try:
        problem = files.problem_from_dict(told["problem"])
        solution = matching.solve(
            problem,
            time_limit=told["seconds"],
            seed=told["seed"],
            on_progress=_Reporter(),
            should_stop=stop.is_set,
        )
    except matching.InvalidProblem as error:
        _say({"invalid": f"{error.field}: {error.reason}"})
        return 2
    except matching.LocksClash as error:
        _say({"invalid": "locked", "clash": sorted(error.rides)})
        return 3
    _say(
        {
            "solution": files.solution_to_dict(solution),
            "explanations": explain.to_dict(explain.explain(problem, solution)),
        }
    )
    return 0


class _Reporter:
    """Passes progress on, not more often than a page can show it.

    A class because it remembers when it last spoke.
    """

    def __init__(self) -> None:
        self._last = float("-inf")

    def __call__(self, progress: matching.Progress) -> None:
        """Tell the parent, with the plan when it is a better one."""
        better = progress.solution is not None
        if not better and progress.seconds - self._last < _EVERY:
            return
        self._last = progress.seconds
        bound = progress.bound
        _say(
            {
                "progress": {
                    "seconds": round(progress.seconds, 1),
                    "phase": progress.phase,
                    "served": progress.served,
                    "priority": progress.objective.priority,
                    "cost_seconds": progress.objective.cost_seconds,
                    "gap": progress.gap,
                    "most": None if bound is None else bound.priority,
                },
                "solution": files.solution_to_dict(progress.solution)
                if progress.solution is not None
                else None,
            }
        )


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
