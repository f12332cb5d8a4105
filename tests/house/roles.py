"""The table of roles by actions, made from the code: `python -m tests.house.roles` writes it."""

import csv
import io
from pathlib import Path

from dispatch.policy import Action, may_ever, permits
from tests.dispatch.policy.principals import NOW, PRINCIPALS
from tests.dispatch.policy.test_rules import about

TABLE = Path(__file__).with_name("roles.csv")
YES, NOT_THIS, NEVER = "yes", "hidden", "-"
"""May; may with other things, and does not learn that this one exists; never may."""


def table() -> str:
    """One row an action, one column a principal, aligned for reading.

    The thing in question is of the first group, names the first group's driver, and is open now.
    """
    rows = [["action", *PRINCIPALS]]
    rows += [[action.value, *(_cell(who, action) for who in PRINCIPALS)] for action in Action]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(
        ", ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in rows
    )


def read(text: str) -> dict[tuple[str, str], str]:
    """A table's cells by action and principal."""
    head, *rows = csv.reader(io.StringIO(text), skipinitialspace=True)
    names = [name.strip() for name in head[1:]]
    return {
        (row[0].strip(), name): cell.strip()
        for row in rows
        for name, cell in zip(names, row[1:], strict=True)
    }


def _cell(who: str, action: Action) -> str:
    actor = PRINCIPALS[who]
    if permits(actor, action, about(action), NOW):
        return YES
    return NOT_THIS if may_ever(actor, action) else NEVER


if __name__ == "__main__":
    TABLE.write_text(table())
