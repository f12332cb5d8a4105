"""Who is asking: what the law needs to know about a person, read once per request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """A person or the system itself, with the groups it works for."""

    user_id: int | None
    uid: UUID | None
    is_active: bool = True
    is_steward: bool = False
    coordinates: frozenset[int] = frozenset()
    """Ids of the groups whose coordinator this is."""
    drives: Mapping[int, int] = field(default_factory=dict)
    """Driver id by group id."""
    family_id: int | None = None
    """Of a family that opened its own page: nobody with an account has one."""
    is_system: bool = False
    """The worker and the command line: they act for the house, and never read addresses."""

    @property
    def role(self) -> str:
        """The word for the audit: the widest role."""
        if self.is_system:
            return "system"
        if self.family_id is not None:
            return "family"
        if self.user_id is None:
            return "anonymous"
        if self.is_steward:
            return "steward"
        return "coordinator" if self.coordinates else "driver"

    @property
    def driver_ids(self) -> frozenset[int]:
        """The driver records that are this person."""
        return frozenset(self.drives.values())


ANONYMOUS = Actor(user_id=None, uid=None, is_active=False)
SYSTEM = Actor(user_id=None, uid=None, is_system=True)
