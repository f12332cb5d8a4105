"""Making and mending the environment, with progress, one set-up at a time."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.environment import pythons
from dispatch.environment.state import LISTS, Environment, SetupFailed

_TITLES = {
    "run": "Installing the libraries",
    "test": "Installing the tests' tools",
    "dispatch.i18n compile": "Compiling the languages",
    "matching": "Installing the matcher's libraries",
    "matching.compile": "Compiling the matcher",
    "matching.compile pooled": "Compiling the matcher of shared rides",
}
_EXPLANATIONS = {
    "The package registry cannot be reached. Is this machine on the network?": (
        "dns error",
        "name resolution",
        "name or service not known",
        "failed to connect",
        "network is unreachable",
        "connection refused",
        "timed out",
        "error sending request",
        "newconnectionerror",
    ),
    "A package is not the one that was pinned, and was refused.": ("hash mismatch", "do not match"),
    "There is no room left on the disk.": ("no space left",),
}


def prepare(environment: Environment, extra: str) -> None:
    """Make or mend what `extra` needs and is not finished.

    Raises
        SetupFailed: it cannot be made.
        PermissionError: this user may not write the project's folder.
    """
    if is_finished(environment, extra):
        return
    environment.folder.mkdir(exist_ok=True)
    with _one_at_a_time(environment) as lock:
        if not is_finished(environment, extra):  # another command may have finished it meanwhile
            _Workshop(environment, lock).make(extra)


def is_finished(environment: Environment, extra: str) -> bool:
    """Whether nothing is left to do for `extra`."""
    return (
        environment.stands()
        and environment.has(extra)
        and not _has_a_better_python(environment)
        and not environment.stale_hooks(extra)
    )


def _has_a_better_python(environment: Environment) -> bool:
    if environment.version() in pythons.PREFERRED:
        return False
    return not set(pythons.newer()) <= set(environment.passed_over())


@contextmanager
def _one_at_a_time(environment: Environment) -> Iterator[int]:
    """Hold the lock of the set-up, and tell its descriptor."""
    with environment.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another command is setting up; this one follows.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


class _Workshop:
    """One set-up: the environment, and the lock that every program started here inherits.

    An installer that outlives a killed set-up so keeps the next one waiting instead of meeting it.
    """

    def __init__(self, environment: Environment, lock: int) -> None:
        self.environment = environment
        self.lock = lock

    def make(self, extra: str) -> None:
        """Make whatever is not finished for `extra`, noting each part when it is."""
        environment = self.environment
        if not environment.stands() or _has_a_better_python(environment):
            self.make_anew()
        if not environment.has(extra):
            self.install(extra)
            environment.note_installed(extra)
        for hook in environment.stale_hooks(extra):
            module, *arguments = hook.split()
            self.run(_TITLES[hook], [str(environment.python), "-m", module, *arguments])
            environment.note_hook(hook)

    def make_anew(self) -> None:
        """An environment with the run-time list and nothing else."""
        environment = self.environment
        uv = shutil.which("uv")
        python, version, passed_over = pythons.choose(needs_pip=uv is None)
        _say_which(python, version)
        environment.forget()
        pip = ["--without-pip"] if uv else []
        self.run("Making .venv", [python, "-m", "venv", *pip, str(environment.folder)])
        self.install("run")
        environment.note_python(version, passed_over)
        environment.note_installed("run")

    def install(self, extra: str) -> None:
        """Install the list of `extra`: by uv, which takes seconds, else by pip."""
        python, title = str(self.environment.python), _TITLES[extra]
        checked = ["--require-hashes", "--only-binary", ":all:", "-r"]
        wanted = [*checked, str(self.environment.root / LISTS[extra])]
        pip = [python, "-m", "pip", "install", "--no-input", "--retries", "2"]
        uv = ["pip", "install", "--python", python, *wanted]
        if shutil.which("uv"):
            self.run(title, ["uv", *uv])
            return
        own_uv = self.environment.folder / "bin" / "uv"
        if not own_uv.exists():
            self.run("Fetching the installer", [*pip, *checked, str(self.list_of_uv())])
        try:
            self.run(title, [str(own_uv), *uv])
        except SetupFailed:
            self.run(f"{title} by pip", [*pip, *wanted])  # pip may be told of another registry

    def list_of_uv(self) -> Path:
        """A list of uv alone, with its hashes, taken out of the run-time list."""
        text = (self.environment.root / LISTS["run"]).read_text("utf-8")
        block = text[text.index("\nuv==") + 1 :].split("\n    #")[0]
        path = self.environment.folder / "uv.txt"
        path.write_text(block + "\n", "utf-8")
        return path

    def run(self, title: str, command: list[str]) -> None:
        """Run `command` in the project's folder, showing `title` and the seconds gone by.

        Raises
            SetupFailed: it failed; with the last lines of what it said.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            with subprocess.Popen(  # noqa: S603 our own commands
                command,
                cwd=self.environment.root,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                pass_fds=[self.lock],
            ) as process:
                _show(title, process)
            if process.returncode:
                said.seek(0)
                raise SetupFailed(_explain(title, said.read()))


def _say_which(python: str, version: tuple[int, ...]) -> None:
    _say(f"Setting up .venv with Python {'.'.join(map(str, version))} ({python})")
    if version < pythons.PREFERRED[0]:
        _say("The road engine needs Python 3.12 or 3.13 and is left out: none is installed here.")


def _show(title: str, process: subprocess.Popen) -> None:
    """Wait for `process`: on a terminal one line that counts seconds, elsewhere one every 10 s."""
    begun, terminal = time.monotonic(), sys.stderr.isatty()
    if not terminal:
        _say(f"{title} ...")
    while True:
        try:
            process.wait(timeout=1 if terminal else 10)
            break
        except subprocess.TimeoutExpired:
            _say(f"{title} ... {time.monotonic() - begun:.0f} s", over=terminal)
    if terminal:
        _say(f"{title}: {time.monotonic() - begun:.1f} s", over=True, end="\n")


def _explain(title: str, output: str) -> str:
    """What went wrong, in a sentence, with the end of the failed program's own words."""
    heard = output.lower()
    reasons = [why for why, signs in _EXPLANATIONS.items() if any(sign in heard for sign in signs)]
    words = [f"    {line}" for line in output.strip().splitlines()[-12:]]
    return "\n".join([" ".join([f"{title} failed.", *reasons]), "The last it said:", *words])


def _say(line: str, *, over: bool = False, end: str = "") -> None:
    """A line on the error stream; `over` writes over the line before on a terminal."""
    sys.stderr.write(f"\r\033[K{line}{end}" if over else f"{line}\n")
    sys.stderr.flush()
