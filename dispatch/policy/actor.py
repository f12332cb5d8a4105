"""Who is asking: what the law needs to know about a person, read once per request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID


class Standing(Enum):
    """How far somebody is in: what the law asks beside the role."""

    IN = "in"
    HALF_IN = "half_in"
    """The password fitted; the second proof that the account asks for is still missing."""
    TO_ENROL = "to_enrol"
    """Everything that the account asks for was proven, and it asks for too little: a passkey, or
    an app for codes, has to be set up before anything else is reached."""


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
    standing: Standing = Standing.IN
    is_frozen: bool = False
    """The service is frozen: rides, families and addresses are shut for everybody."""

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
    def is_in(self) -> bool:
        """Whether this is an open account whose person proved everything that is asked."""
        return self.is_active and self.standing is Standing.IN

    @property
    def is_at_work(self) -> bool:
        """The same while the service is not frozen: what every look at a family asks for."""
        return self.is_in and not self.is_frozen

    @property
    def driver_ids(self) -> frozenset[int]:
        """The driver records that are this person."""
        return frozenset(self.drives.values())


ANONYMOUS = Actor(user_id=None, uid=None, is_active=False)
SYSTEM = Actor(user_id=None, uid=None, is_system=True)
