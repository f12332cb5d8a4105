"""What comes of reading a cell or a row: a value with notes, or the sentences that say why not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, ParamSpec, TypeVar

Value = TypeVar("Value")
Params = ParamSpec("Params")


class Unreadable(Exception):
    """A cell cannot be read; `sentence` tells the person what to mend.

    The sentence may quote an address, so it is kept out of `str()` and of tracebacks.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class NoteKind(StrEnum):
    """Why a person may want to look at a row that was taken."""

    READ = "read"
    """A vague word was given an exact meaning."""
    CORRECTED = "corrected"
    """A spelling was mended."""
    CONFIRM = "confirm"
    """A choice was made that somebody should confirm before the ride."""


@dataclass(frozen=True)
class Note:
    """Something a person should know about a row that was taken."""

    kind: NoteKind
    sentence: str = field(repr=False)
    column: str | None = None
    """The column's name as the file writes it."""


@dataclass(frozen=True)
class Problem:
    """One reason why a row was refused, and what to mend."""

    sentence: str = field(repr=False)
    column: str | None = None


@dataclass(frozen=True)
class Taken(Generic[Value]):
    """A row that was read; `number` is the row as the spreadsheet shows it."""

    number: int
    value: Value = field(repr=False)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A row that was not read, with all its problems at once."""

    number: int
    problems: tuple[Problem, ...]


class Findings:
    """Notes and problems of one row, gathered while its cells are read."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.problems: list[Problem] = []

    def note(self, kind: NoteKind, sentence: str, column: str | None = None) -> None:
        """Add a note."""
        self.notes.append(Note(kind, sentence, column))

    def problem(self, sentence: str, column: str | None = None) -> None:
        """Add a problem: the row will be refused."""
        self.problems.append(Problem(sentence, column))

    def attempt(
        self,
        column: str | None,
        read: Callable[Params, Value],
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Value | None:
        """What `read` answers, or None with its sentence as a problem of `column`."""
        try:
            return read(*args, **kwargs)
        except Unreadable as unreadable:
            self.problem(unreadable.sentence, column)
            return None

    def outcome(self, number: int, value: Value | None) -> Taken[Value] | Refused:
        """The row as a whole: taken when it has a value and no problem."""
        if self.problems or value is None:
            return Refused(number, tuple(self.problems))
        return Taken(number, value, tuple(self.notes))
