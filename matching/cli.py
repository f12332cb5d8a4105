"""The commands of the matcher: `solve`, `check`, `bench`. Formats are in `files`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from matching import academic, files
from matching.apart import solve_apart, with_seconds
from matching.check import violations
from matching.problem import InvalidProblem, Problem
from matching.solution import Progress
from matching.solving import LocksClash

OK, WRONG, REFUSED, CLASH = 0, 1, 2, 3
"""Exit statuses: done; the plan breaks rules; the input is not what it should be; locks clash."""

SETS = (
    *("cordeau-ab", "cordeau-pr", "li-lim-100", "li-lim-large"),
    *("day-S", "day-M", "day-L", "day-XL", "day-stress", "day-20x50", "day-100x400"),
    *("pooled-M", "pooled-100x200", "repair-M", "repair-100x400", "locked-M"),
)

WHOLE_DAY = 60.0
"""Seconds a command may take when nothing is said."""
WRITING = 0.1
"""Seconds of them that are kept for writing the plan."""


def main(arguments: Sequence[str], *, spent: float = 0.0) -> int:
    """Run one command, of whose time limit `spent` seconds are gone; returns its exit status."""
    began = time.monotonic() - spent
    options = _parser().parse_args(arguments)
    options.began = began
    try:
        return options.command(options)
    except InvalidProblem as error:
        return _refuse(f"{options.file}: {error}")
    except files.InvalidSolution as error:
        return _refuse(f"{options.solution}: {error}")
    except LocksClash as clash:
        _say(str(clash))
        return CLASH
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, ValueError) as error:
        return _refuse(" ".join(str(error).split()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m matching", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    solve = commands.add_parser("solve", help="find a plan and prove how good it is")
    solve.add_argument("file", type=Path, metavar="FILE")
    _add_format(solve)
    _add_limits(solve)
    solve.add_argument("--seed", type=int, default=0, metavar="N")
    solve.add_argument("--out", type=Path, metavar="FILE")
    solve.add_argument("--progress", choices=("json", "line", "none"), default=None)
    solve.set_defaults(command=_solve)
    check = commands.add_parser("check", help="say every rule that a plan breaks")
    check.add_argument("file", type=Path, metavar="PROBLEM")
    check.add_argument("solution", type=Path, metavar="SOLUTION")
    _add_format(check)
    check.set_defaults(command=_check)
    bench = commands.add_parser("bench", help="compare with peers and best known plans")
    bench.add_argument("set", choices=SETS, metavar="SET", help=", ".join(SETS))
    _add_limits(bench)
    bench.add_argument("--data", type=Path, default=Path("benchmarks"), metavar="DIR")
    bench.set_defaults(command=_bench)
    return parser


def _add_format(parser: argparse.ArgumentParser) -> None:
    formats = ("problem", "cordeau", "li-lim")
    parser.add_argument("--format", choices=formats, default="problem")


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time-limit", type=_seconds, default=WHOLE_DAY, metavar="S")
    parser.add_argument("--threads", type=_count, default=1, metavar="N")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


def read_problem(path: Path) -> Problem:
    """The problem in a file.

    Raises
        InvalidProblem, OSError, ValueError: it cannot be read or is not one.
    """
    try:
        document = files.read_json(path)
    except ValueError as error:
        raise InvalidProblem("format", None, f"not JSON: {error}") from error
    return files.problem_from_dict(document)


def _solve(options: argparse.Namespace) -> int:
    screen = _Screen(options.progress)
    deadline = options.began + options.time_limit - WRITING
    if options.format != "problem":
        answer = academic.solve_file(
            options.file,
            options.format,
            time_limit=max(0.1, deadline - time.monotonic()),
            seed=options.seed,
            on_progress=screen.show,
        )
    else:
        problem = read_problem(options.file)
        solution = solve_apart(
            problem,
            time_limit=max(0.1, deadline - time.monotonic()),
            seed=options.seed,
            threads=options.threads,
            on_progress=screen.show,
        )
        answer = files.solution_to_dict(with_seconds(solution, time.monotonic() - options.began))
    screen.end()
    text = json.dumps(answer, indent=1) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        _write(options.out, text)
    return OK


def _write(path: Path, text: str) -> None:
    """Write a file so that it is never there by half."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    os.replace(part, path)


def _check(options: argparse.Namespace) -> int:
    if options.format != "problem":
        from matching.pooled.academic_check import check_file

        document = files.read_json(options.solution)
        wrong = check_file(options.file, options.format, document)
    else:
        problem = read_problem(options.file)
        try:
            document = files.read_json(options.solution)
        except ValueError as error:
            raise files.InvalidSolution(f"not JSON: {error}") from error
        wrong = violations(problem, files.solution_from_dict(document))
    for sentence in wrong:
        sys.stdout.write(sentence + "\n")
    return WRONG if wrong else OK


def _bench(options: argparse.Namespace) -> int:
    from matching.benchmark import tables

    return tables.run(
        options.set, options.data, time_limit=options.time_limit, threads=options.threads
    )


def _refuse(reason: str) -> int:
    _say(reason)
    return REFUSED


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


class _Screen:
    """Shows progress on standard error; a class because it shows at most one line a second."""

    def __init__(self, style: str | None) -> None:
        self.style = style or ("line" if sys.stderr.isatty() else "none")
        self.shown_at = -1.0
        self.kept: Progress | None = None

    def show(self, progress: Progress) -> None:
        """Show `progress` if a second went by since the last, else keep it."""
        self.kept = progress
        if self.style != "none" and time.monotonic() - self.shown_at >= 1.0:
            self._draw(progress)

    def end(self) -> None:
        """Show what is left to show."""
        if self.style != "none" and self.kept is not None:
            self._draw(self.kept)
        if self.style == "line" and self.shown_at >= 0:
            sys.stderr.write("\n")

    def _draw(self, progress: Progress) -> None:
        self.shown_at = time.monotonic()
        self.kept = None
        if self.style == "json":
            sys.stderr.write(json.dumps(progress_to_dict(progress)) + "\n")
        else:
            gap = "" if progress.gap is None else f", gap {100 * progress.gap:.2f} %"
            what = f"{progress.seconds:6.1f} s  {progress.phase}: {progress.served} served"
            cost = f", {progress.objective.cost_seconds} s{gap}"
            sys.stderr.write(f"\r\033[K{what}{cost}")
        sys.stderr.flush()


def progress_to_dict(progress: Progress) -> dict[str, object]:
    """One line of `--progress json`."""
    bound = progress.bound
    return {
        "seconds": round(progress.seconds, 3),
        "phase": progress.phase,
        "served": progress.served,
        "priority": progress.objective.priority,
        "changes": progress.objective.changes,
        "cost_seconds": progress.objective.cost_seconds,
        "bound": None
        if bound is None
        else {
            "priority": bound.priority,
            "changes": bound.changes,
            "cost_seconds": bound.cost_seconds,
            "proven": bound.proven,
        },
        "gap": None if progress.gap is None else round(progress.gap, 6),
    }
