"""A driver raises the hand for a ride: the desk hears of it, or it is the driver's at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.claims import rules
from dispatch.claims.models import Claim
from dispatch.drivers.models import Driver
from dispatch.errors import Closed
from dispatch.i18n import gettext as _
from dispatch.notify import service as notify
from dispatch.people import alarms
from dispatch.people.facts import Claims
from dispatch.people.models import Alarm, Group
from dispatch.places.roads import Roads
from dispatch.planning import queries as planning
from dispatch.planning import reading, replacing
from dispatch.planning.facts import pickup_window
from dispatch.planning.service import accept
from dispatch.planning.service.offering import hold_for, offer, offered_once
from dispatch.policy import Action, Actor
from dispatch.policy.actor import SYSTEM
from dispatch.rides.models import Ride, RideState


def _say(session: Session, alarm: Alarm) -> str:
    found = _claim_of(session, alarm)
    if found is None:
        return _("A driver could drive somebody back.")
    return _("%(number)s: a driver can do the way back.", number=found.ride.family.number)


def _ride_of(session: Session, alarm: Alarm) -> UUID | None:
    found = _claim_of(session, alarm)
    return None if found is None else found.ride.uid


HAND = alarms.register(alarms.Kind("claims:hand", _say, _ride_of))


def claim(
    session: Session, actor: Actor, driver: Driver, ride: Ride, *, engine: Roads, now: datetime
) -> bool:
    """Raise the hand of `driver` for `ride`; whether the ride is the driver's now.

    Where the group lets drivers take rides and nothing speaks against it, it is; otherwise the desk
    hears of it. Said again, it changes nothing.

    Raises
        NotFound: `actor` does not drive for the ride's group.
        Closed: somebody else has it by now.
    """
    policy.require(actor, Action.CLAIM_RIDE, ride, now)
    hold_for(session, [driver], [ride])
    known = select(Claim.id).where(Claim.ride_id == ride.id, Claim.driver_id == driver.id)
    has_asked = session.scalar(known) is not None
    held = planning.live_assignment(session, ride)
    if has_asked and held is not None and held.driver_id == driver.id:
        return True
    group = session.get_one(Group, ride.group_id)
    is_proposed = planning.live_proposal(session, ride) is not None
    if group.claims is Claims.NONE or is_proposed or not rules.may_be_claimed(ride, now):
        raise Closed(_("Somebody else took this ride. Thank you for answering."))
    if has_asked:
        return False
    made = Claim(ride=ride, driver=driver, made_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor, Action.CLAIM_RIDE, made, now=now, ride_uid=ride.uid)
    if group.claims is Claims.TAKE and _take(session, actor, driver, ride, group, engine, now):
        return True
    alarms.raise_alarm(
        session,
        HAND,
        group_id=group.id,
        about_id=driver.user_id,
        once=f"{HAND.name}:{made.uid}",
        facts={"claim": str(made.uid)},
        now=now,
    )
    return False


def settle(session: Session, *, now: datetime) -> None:
    """End the alarms about hands for rides that have a driver by now, or need none."""
    alarms.settle(session, [HAND], lambda alarm: _is_over(session, alarm), now=now)


def _is_over(session: Session, alarm: Alarm) -> bool:
    found = _claim_of(session, alarm)
    return found is None or found.ride.state is not RideState.OPEN


def _take(
    session: Session,
    actor: Actor,
    driver: Driver,
    ride: Ride,
    group: Group,
    engine: Roads,
    now: datetime,
) -> bool:
    """Give the ride to the driver who wants it, if the rules let it."""
    facts = reading.facts_of_day(
        session,
        group,
        ride.service_on,
        now=now,
        engine=engine,
        only=reading.Only([ride], frozenset({driver.id})),
    )
    window = pickup_window(facts, facts.rides[0])
    if window is None:
        return False
    tried = replacing.moments(window, max(window[0], facts.not_before))
    best = replacing.next_best(facts, tried)
    if not best:
        return False
    (made,) = offer(
        session, SYSTEM, [ride], driver, facts, pickup_at=best[0].pickup_at, proposal=None, now=now
    )
    notify.drop(session, offered_once(made), now=now)
    accept(session, actor, made, now=now)
    return True


def _claim_of(session: Session, alarm: Alarm) -> Claim | None:
    uid = UUID(alarm.facts["claim"])
    return session.scalars(select(Claim).where(Claim.uid == uid)).one_or_none()
