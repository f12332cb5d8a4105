"""A coordinator gives a ride to a driver by hand, also from another driver who had it."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.drivers.models import Driver
from dispatch.errors import NotFound, Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.places import roads
from dispatch.planning import queries, reading
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.rules import WARNINGS
from dispatch.planning.service.offering import check, hold_for, offer
from dispatch.planning.service.pairs import MOVABLE, pair_of, without_rides
from dispatch.planning.service.releasing import drop_proposals, end, tell_withdrawn
from dispatch.policy import Action, Actor
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState


def assign(
    session: Session,
    actor: Actor,
    ride: Ride,
    driver: Driver,
    *,
    pickup_at: datetime,
    version: int,
    engine: roads.Roads,
    now: datetime,
) -> list[Assignment]:
    """Give `ride` to `driver` by hand, also from another driver who had it; checked by the rules.

    A driver who said no to it may be asked again: whoever does this by hand can talk to people.
    Asked again for what is so already, it changes nothing and returns the assignments as they are.

    Raises
        NotFound: the ride or the driver is none of the actor's, or they are of two groups.
        Stale: the ride changed since the form was made.
        Refused: the rules speak against it; every reason as a sentence. Nothing has changed.
    """
    policy.require(actor, Action.ASSIGN_RIDE, ride, now)
    policy.require(actor, Action.SEE_DRIVER, driver, now)
    if driver.group_id != ride.group_id:
        raise NotFound("driver")
    hold_for(session, [driver], [ride])
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    group = session.get_one(Group, ride.group_id)
    pair = pair_of(session, ride)
    before = [one for leg in pair if (one := queries.live_assignment(session, leg)) is not None]
    if any(leg.state not in MOVABLE for leg in pair):
        raise Refused(_("This ride is under way or over: its driver cannot be changed."))
    if before and (before[0].driver_id, before[0].pickup_at) == (driver.id, pickup_at):
        return before  # the same form, sent twice
    facts = reading.facts_of_day(
        session,
        group,
        ride.service_on,
        now=now,
        engine=engine,
        only=reading.Only(pair, frozenset({driver.id})),
    )
    facts = without_rides(facts, [one.ride_id for one in before])
    check(facts, pair[0], driver.id, pickup_at, group, set_aside=WARNINGS)
    for one in before:
        end(session, one, AssignmentState.RELEASED, now=now)
        rides.move(session, one.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
        tell_withdrawn(session, one, now=now)
    made = offer(session, actor, pair, driver, facts, pickup_at=pickup_at, proposal=None, now=now)
    for leg in pair:
        drop_proposals(session, leg)
    uids = {"ride_uid": ride.uid, "group_uid": group.uid}
    audit.record(session, actor, Action.ASSIGN_RIDE, made[0], now=now, **uids)
    return made
