"""A family asks for no more rides: those to come are called off, and its doors are shut."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.families import service as families
from dispatch.families.models import Family
from dispatch.places import grants
from dispatch.planning.service.releasing import cancel_ride, was_driven
from dispatch.policy import Actor
from dispatch.rides.models import Ride
from dispatch.rides.rules import CANCELLABLE


@families.when_left
def end_rides(session: Session, actor: Actor, family: Family, now: datetime) -> None:
    """Cancel what can still be called off, and let no driver read a door of `family`.

    Who sits in a car is brought where it goes; a ride whose time is over was driven.
    """
    chosen = select(Ride).where(Ride.family_id == family.id, Ride.state.in_(CANCELLABLE))
    for ride in session.scalars(chosen.order_by(Ride.id)).all():
        session.refresh(ride, attribute_names=["state", "version"])
        # A way back may have gone with its way there.
        if ride.state in CANCELLABLE and not was_driven(session, ride, now):
            cancel_ride(session, actor, ride, reason="family", version=ride.version, now=now)
    grants.close_doors(session, family.uid, now=now)
