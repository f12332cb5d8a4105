"""`python -m tests.prove.one ROW`: one row of the table in full, its figure as a line of JSON."""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from dispatch import schema
from tests.prove.figure import Figure, Workplace
from tests.running import memory
from tests.services import postgres

_GIVES_WAY = 10
"""By how much other rows come after those that come first, as `nice` counts it."""


def main(name: str) -> None:
    """Carry out the row `name` and write its figure."""
    schema.metadata()  # every table is known, as in the program
    module = import_module(f"tests.prove.rows.{name}")
    if not module.ROW.comes_first:
        os.nice(_GIVES_WAY)
    with tempfile.TemporaryDirectory(prefix="dispatch-prove-", dir=memory()) as folder:
        workplace = Workplace(folder=Path(folder), size=module.ROW.full, told=_tell)

        def server() -> postgres.Postgres:
            known = workplace.leaving.enter_context(postgres.serving())
            return postgres.Postgres(known["host"])

        workplace.postgres = server
        with workplace.leaving:
            figure: Figure = module.prove(workplace)
    sys.stdout.write(f"figure {json.dumps(asdict(figure))}\n")


def _tell(share: float) -> None:
    sys.stdout.write(f"share {share:.4f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
