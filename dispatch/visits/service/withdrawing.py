"""A family takes its consent back: no more rides, no open door, and its erasure begins."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.families.models import Family, FamilyState
from dispatch.i18n import gettext as _
from dispatch.people import alarms
from dispatch.people.models import Alarm
from dispatch.places import service as places
from dispatch.places.models import Place
from dispatch.planning import service as planning
from dispatch.policy import Action, Actor
from dispatch.rides.models import Ride
from dispatch.rides.rules import CANCELLABLE
from dispatch.visits.service.codes import revoke_open


def _say_withdrew(_session: Session, alarm: Alarm) -> str:
    return _(
        "Family %(number)s has withdrawn. Its rides are cancelled and it is erased.",
        number=alarm.facts["number"],
    )


WITHDREW = alarms.register(alarms.Kind("own-page:withdrew", say=_say_withdrew))


def withdraw(session: Session, actor: Actor, family: Family, *, now: datetime) -> None:
    """Close `family` for good: rides to come are cancelled, every grant ends now, codes end.

    Its phones keep the page, which says from then on only that it withdrew and when it is erased.
    """
    policy.require(actor, Action.WITHDRAW_FAMILY, family, now)
    session.refresh(family, attribute_names=["withdrawn_at"], with_for_update=True)
    if family.withdrawn_at is not None:
        return
    _cancel_rides(session, actor, family, now)
    own_doors = select(Place).where(Place.owner_uid == family.uid)
    for place in session.scalars(own_doors):
        places.close_grants_on(session, place, now=now)
    revoke_open(session, family, now=now)
    family.withdrawn_at, family.state = now, FamilyState.LEFT
    family.version += 1
    session.flush()
    audit.record(session, actor, Action.WITHDRAW_FAMILY, family, now=now, family_uid=family.uid)
    alarms.raise_alarm(
        session,
        WITHDREW,
        group_id=family.group_id,
        about_id=actor.user_id,
        once=f"own-page:withdrew:{family.uid}",
        facts={"number": family.number},
        now=now,
    )


def _cancel_rides(session: Session, actor: Actor, family: Family, now: datetime) -> None:
    """Everything that can still be called off; who sits in a car is brought where it goes."""
    chosen = select(Ride).where(Ride.family_id == family.id, Ride.state.in_(CANCELLABLE))
    for ride in session.scalars(chosen.order_by(Ride.id)).all():
        session.refresh(ride, attribute_names=["state", "version"])
        if ride.state in CANCELLABLE:  # a way back may have gone with its way there
            planning.cancel_ride(
                session, actor, ride, reason="family", version=ride.version, now=now
            )
