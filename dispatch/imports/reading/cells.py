"""One row of a table while it is read: its cells by name, and what was found in them."""

from collections.abc import Callable
from typing import Concatenate

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Findings, Note, NoteKind, Params, Value
from dispatch.imports.reading.tables import Table, TableRow

MOST_CHARACTERS = 200
"""Of a cell that is to be understood and may be quoted in a sentence."""
_FREE_TEXT = frozenset({"note"})


class Cells(Findings):
    """The cells of a row, with notes and problems told under the names of the file's columns."""

    def __init__(self, row: TableRow, table: Table) -> None:
        super().__init__()
        self.number = row.number
        self._row, self._table = row, table
        if row.surplus:
            self.problem(
                _(
                    "The row has more cells than the header; put a cell with a comma in quotation"
                    " marks and check that each is in its column."
                )
            )

    def __getitem__(self, name: str) -> str:
        return self._row[name]

    def read(
        self,
        name: str,
        read: Callable[Concatenate[str, Params], Value],
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Value | None:
        """What `read` makes of the cell `name`, or None with the problem found in it."""
        if len(self[name]) > MOST_CHARACTERS and name not in _FREE_TEXT:
            sentence = _(
                "The cell has %(length)s characters; keep it to %(most)s.",
                length=len(self[name]),
                most=MOST_CHARACTERS,
            )
            self.problem_on(name, sentence)
            return None
        return self.attempt(self.column(name), read, self[name], *args, **kwargs)

    def column(self, name: str) -> str:
        """The column's name as the file writes it."""
        return self._table.header(name)

    def note_on(self, name: str, kind: NoteKind, sentence: str) -> None:
        """Add a note on the cell `name`."""
        self.note(kind, sentence, self.column(name))

    def pass_on(self, name: str, notes: tuple[Note, ...]) -> None:
        """Add notes that were found in reading the cell `name`."""
        for note in notes:
            self.note_on(name, note.kind, note.sentence)

    def problem_on(self, name: str, sentence: str) -> None:
        """Add a problem of the cell `name`."""
        self.problem(sentence, self.column(name))

    def refuse_repeated(self, what: object, seen: dict[object, int]) -> None:
        """A problem when `what` was in an earlier row; otherwise remembers it in `seen`."""
        first = seen.setdefault(what, self.number)
        if first != self.number:
            self.problem(_("The same as row %(row)s; remove one of the two.", row=first))
