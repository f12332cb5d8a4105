"""What an import tells: every row of the sheet, taken, known or refused, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Note, Problem


class RowState(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    KNOWN = "known"
    """On record already: nothing was changed."""
    REFUSED = "refused"


@dataclass(frozen=True)
class RowReport:
    """One row. What it says of people stays out of `repr()`."""

    number: int
    """As the spreadsheet shows it."""
    state: RowState
    what: str = field(default="", repr=False)
    """What the row is about, in few words."""
    notes: tuple[Note, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)

    @property
    def sentences(self) -> list[str]:
        """What somebody should know about the row, or has to mend."""
        return [_said(one) for one in (*self.problems, *self.notes)]


@dataclass(frozen=True)
class Report:
    """One sheet."""

    kind: str
    rows: Sequence[RowReport]
    ignored: tuple[str, ...] = ()
    """Headers of columns that stand for nothing here."""

    def count(self, state: RowState) -> int:
        """How many rows are in `state`."""
        return Counter(row.state for row in self.rows)[state]

    @property
    def has_refused(self) -> bool:
        """Whether there is something to mend."""
        return self.count(RowState.REFUSED) > 0

    def lines(self) -> list[str]:
        """The report as a table for a terminal, its sentences below their row."""
        width = max((len(str(row.number)) for row in self.rows), default=1)
        words = {
            RowState.TAKEN: _("taken"),
            RowState.KNOWN: _("known"),
            RowState.REFUSED: _("refused"),
        }
        wide = max(map(len, words.values()))
        said = []
        for row in self.rows:
            said.append(f"{row.number:>{width}}  {words[row.state]:<{wide}}  {row.what}".rstrip())
            said += [f"{'':>{width + wide + 4}}{sentence}" for sentence in row.sentences]
        if self.ignored:
            said.append(_("Columns that were not read: %(names)s.", names=", ".join(self.ignored)))
        said.append(
            _(
                "%(rows)s rows: %(taken)s taken, %(known)s on record already, %(refused)s refused.",
                rows=len(self.rows),
                taken=self.count(RowState.TAKEN),
                known=self.count(RowState.KNOWN),
                refused=self.count(RowState.REFUSED),
            )
        )
        return said

    def to_dict(self) -> dict[str, Any]:
        """The report for another program."""
        return {
            "kind": self.kind,
            "counts": {state.value: self.count(state) for state in RowState},
            "ignored_columns": list(self.ignored),
            "rows": [
                {
                    "row": row.number,
                    "state": row.state.value,
                    "what": row.what,
                    "problems": [
                        {"column": one.column, "sentence": one.sentence} for one in row.problems
                    ],
                    "notes": [
                        {
                            "column": one.column,
                            "kind": one.kind.value,
                            "sentence": one.sentence,
                        }
                        for one in row.notes
                    ],
                }
                for row in self.rows
            ],
        }


def _said(one: Note | Problem) -> str:
    return f"{one.column}: {one.sentence}" if one.column else one.sentence
