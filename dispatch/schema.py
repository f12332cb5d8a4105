"""Every table there is: for migrations, for tests, and for relations that name a table upstairs."""

from sqlalchemy import MetaData

from dispatch.audit import models as audit
from dispatch.claims import models as claims
from dispatch.db.base import Base
from dispatch.drivers import models as drivers
from dispatch.erasing import models as erasing
from dispatch.families import models as families
from dispatch.feeds import models as feeds
from dispatch.glass import models as glass
from dispatch.imports import models as imports
from dispatch.incidents import models as incidents
from dispatch.notify import models as notify
from dispatch.people import freezing
from dispatch.people import models as people
from dispatch.people.factors import models as factors
from dispatch.places import models as places
from dispatch.planning import models as planning
from dispatch.rides import models as rides
from dispatch.visits import models as visits

ROOMS = (people, places, drivers, families, rides, planning, imports, notify, audit)
ROOMS += (factors, freezing, erasing, feeds, glass, visits, claims)
ROOMS += (incidents,)


def metadata() -> MetaData:
    """The tables of every room."""
    return Base.metadata
