"""The ground under every command: inside the project's own environment, made first where needed.

This module and `environment/` run on a bare Python with the standard library alone, and keep to
syntax that older Pythons can read, so that those can say that they are too old.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dispatch.environment import making
from dispatch.environment.state import Environment, SetupFailed

ROOT = Path(__file__).resolve().parent.parent


def ensure(extra: str) -> None:
    """Go on with this very command inside the project's environment.

    `extra` is "run", or on top of it "matching" for all of the matcher, or "test" for the tests'
    own tools. Returns inside the environment only: outside of it the process is replaced by the
    same command line under its Python. Where the environment cannot be made, the process ends
    with a sentence.
    """
    environment = Environment(ROOT)
    try:
        making.prepare(environment, extra)
    except SetupFailed as failure:
        sys.exit(str(failure))
    except PermissionError as failure:
        sys.exit(
            f"This user may not use {failure.filename}, which the environment needs. Type the "
            "command once as the owner of the project's folder, with a Python all users may read."
        )
    except KeyboardInterrupt:
        print("\nSet-up stopped. The next command makes it anew.", file=sys.stderr)
        sys.exit(130)
    if not environment.is_entered():
        python, module = str(environment.python), sys.modules["__main__"].__spec__.name
        os.execv(python, [python, "-m", module, *sys.argv[1:]])  # noqa: S606 our own command
