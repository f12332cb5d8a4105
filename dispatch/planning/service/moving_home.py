"""A family has moved: its rides to come follow, and whoever was to drive them is asked again.

A driver said yes to another door, and to another way there: the ride returns to the pool, where
it is matched and offered anew. A ride that is being driven stays with its driver, who reads no
address any more; the coordinator is told to call.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.errors import Refused
from dispatch.families.facts import Followed
from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.i18n import say_day
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.planning import queries
from dispatch.planning.service.pairs import MOVABLE
from dispatch.planning.service.releasing import drop_proposals, release, was_driven
from dispatch.policy import Action, Actor
from dispatch.rides import queries as rides_queries
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState


def follow_home(
    session: Session, actor: Actor, family: Family, left: Place, *, now: datetime
) -> Followed:
    """Let the rides to come of `family` begin and end where it is now, instead of at `left`.

    Raises
        Refused: a ride would begin and end at the same place.
    """
    policy.require(actor, Action.CHANGE_RIDE, family, now)
    group = session.get_one(Group, family.group_id)
    today = clock.local_day(now, group.zone)
    found = rides_queries.rides_at(session, actor, family, left, since=today)
    moved = [ride for ride in found if not was_driven(session, ride, now)]
    wanted = [ride for ride in moved if ride.state is not RideState.CANCELLED]
    _require_a_way(wanted, family.place)
    followed = Followed([], [], [])
    for ride in wanted:
        _list_for(followed, ride).append(ride)
    for ride in followed.released:
        held = queries.live_assignment(session, ride)
        if held is not None:  # a waiting driver gave up both ways at once
            release(session, actor, held, now=now)
    for ride in moved:
        drop_proposals(session, ride)
        rides.change_place(session, actor, ride, left, family.place, now=now)
    return followed


def _require_a_way(wanted: list[Ride], place: Place) -> None:
    for ride in wanted:
        if place in (ride.pickup_place, ride.dropoff_place):
            raise Refused(
                _(
                    "On %(day)s they ride to or from %(place)s. "
                    "Cancel that ride first, or choose another place.",
                    day=say_day(ride.service_on),
                    place=place.shown_as,
                )
            )


def _list_for(followed: Followed, ride: Ride) -> list[Ride]:
    driver_waits = ride.with_outbound and ride.outbound.state not in MOVABLE
    has_driver = ride.state in (RideState.OFFERED, RideState.ACCEPTED)
    if ride.state in rides_queries.UNDER_WAY or (driver_waits and has_driver):
        return followed.under_way
    return followed.released if has_driver else followed.quiet
