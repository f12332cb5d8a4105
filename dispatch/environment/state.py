"""What is finished in `.venv`, by a record that is removed first and written last.

So a set-up that was killed is made again, and a warm start costs one small file and a few stats.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

LISTS = {
    "run": "requirements.txt",
    "matching": "requirements.txt",
    "test": "tests/requirements.txt",
}
"""What each extra installs; "matching" and "test" stand on "run"."""

HOOKS = {
    "dispatch.i18n compile": (
        "dispatch/i18n/__main__.py",
        "dispatch/translations/*/LC_MESSAGES/*.po",
    ),
    "matching.compile": ("matching/compile.py", "matching/compiled.py", "matching/solo/*.py"),
    "matching.compile pooled": (
        "matching/compile.py",
        "matching/compiled.py",
        "matching/pooled/*.py",
    ),
}
"""What is made once inside the environment: module and arguments -> the files it is made from.
A hook whose first file is absent is left out; one whose files changed runs again."""


LATER = {"matching.compile pooled": ("matching", "test")}
"""Hooks that not every extra waits for: the application shares no rides, the matcher alone may."""


class SetupFailed(Exception):
    """The environment cannot be made; the message says why and what to do."""


class Environment:
    """The `.venv` of the project at `root`, and the record of what is finished in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.lock = self.folder / "lock"
        self._record = self.folder / "ready.json"

    def is_entered(self) -> bool:
        """Whether this process already runs inside."""
        return self.folder.is_dir() and os.path.samefile(sys.prefix, self.folder)

    def stands(self) -> bool:
        """Whether it has a Python that works and everything of the run-time list."""
        if self.is_entered() and self.version() != sys.version_info[:2]:
            return False  # the interpreter changed under it, as in a new release of the system
        return self.python.exists() and self.has("run")

    def has(self, extra: str) -> bool:
        """Whether the list of `extra` is installed as it now reads."""
        return self.record().get(extra) == self._digest(extra)

    def version(self) -> tuple[int, ...]:
        """The major and minor version of its Python; empty when nothing is finished."""
        return tuple(self.record().get("python", ()))

    def passed_over(self) -> list[str]:
        """Newer Pythons that were found unusable when it was made."""
        return self.record().get("passed over", [])

    def stale_hooks(self, extra: str) -> list[str]:
        """The hooks that have to run before `extra` is finished, in order."""
        done = self.record()
        wanted = [hook for hook in HOOKS if extra in LATER.get(hook, LISTS)]
        return [hook for hook in wanted if self._inputs(hook) not in ("", done.get(hook))]

    def record(self) -> dict:
        """What is finished; empty when there is no record, or none that can be read."""
        try:
            found = json.loads(self._record.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def forget(self) -> None:
        """Begin anew: nothing counts as finished, and nothing is left but the set-up's lock."""
        if self._record.exists():
            self._record.unlink()
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self.lock:
                entry.unlink()

    def note_python(self, version: tuple[int, ...], passed_over: list[str]) -> None:
        """Remember which Python it is made with, and the newer ones that were unusable."""
        self._note("python", list(version))
        self._note("passed over", passed_over)

    def note_installed(self, extra: str) -> None:
        """Remember that the list of `extra` is installed."""
        self._note(extra, self._digest(extra))

    def note_hook(self, hook: str) -> None:
        """Remember that `hook` ran on the files as they are."""
        self._note(hook, self._inputs(hook))

    def _note(self, key: str, value: object) -> None:
        part = self._record.with_suffix(".part")
        part.write_text(json.dumps({**self.record(), key: value}, indent=1), "utf-8")
        os.replace(part, self._record)

    def _digest(self, extra: str) -> str:
        return hashlib.sha256((self.root / LISTS[extra]).read_bytes()).hexdigest()

    def _inputs(self, hook: str) -> str:
        """The state of the files that `hook` reads; empty when the project has no such hook."""
        first, *_others = HOOKS[hook]
        if not (self.root / first).exists():
            return ""
        files = sorted({file for name in HOOKS[hook] for file in self.root.glob(name)})
        states = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
        return hashlib.sha256(repr(states).encode()).hexdigest()
