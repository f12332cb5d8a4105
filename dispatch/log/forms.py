"""What may be asked of the log: ids and a day, all of it in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Question:
    """Which entries are wanted."""

    family: UUID | None = None
    person: UUID | None = None
    day: date | None = None
    everything: bool = False
    """Every deed, instead of only what somebody read or was refused."""
    before: int | None = None
    """The place in the chain that the page begins below; None for the newest."""

    def address(self, **changed: object) -> dict[str, str]:
        """The question as an address says it, with some of it `changed`."""
        asked = replace(self, **changed)
        return {
            name: str(value)
            for name, value in (
                ("family", asked.family),
                ("person", asked.person),
                ("day", asked.day),
                ("all", "1" if asked.everything else None),
                ("before", asked.before),
            )
            if value is not None
        }


def parse(typed: Mapping[str, str]) -> Question:
    """The question of an address; what cannot be read counts as not asked."""
    before = typed.get("before", "")
    return Question(
        family=_uid(typed.get("family")),
        person=_uid(typed.get("person")),
        day=_day(typed.get("day")),
        everything=typed.get("all") == "1",
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
    )


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
