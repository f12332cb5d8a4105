"""An open way back on a driver's phone, and the button that raises the hand."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dispatch.claims import queries, service
from dispatch.drivers import queries as drivers
from dispatch.drivers.models import Driver
from dispatch.errors import Closed, Conflict, NotFound
from dispatch.i18n import gettext as _
from dispatch.i18n import say_time
from dispatch.places.here import roads
from dispatch.planning.coarse import pickup_between, shown_minutes
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides.models import Ride
from dispatch.web import context
from dispatch.web.errors import sentence_for

blueprint = Blueprint("claims", __name__)


@blueprint.app_context_processor
def _lent() -> dict[str, object]:
    """What the page of offers, which lies below, shows beside them."""
    return {"rides_to_claim": _rides, "pickup_about": _about}


@blueprint.get("/open/<uuid:uid>")
@needs(Action.CLAIM_RIDE)
def show(uid: UUID) -> ResponseReturnValue:
    """One of them: areas, about when, needs; never the door."""
    session, driver = context.session(), _own()
    ride = _get(driver, uid)
    ends = [
        driver.start_place.coarse_point,
        ride.pickup_place.coarse_point,
        ride.dropoff_place.coarse_point,
    ]
    legs = roads().legs([*ends, ends[0]])
    there, drive, back = map(shown_minutes, legs.minutes)
    return render_template(
        "claims/ride.html",
        ride=ride,
        there=there,
        drive=drive,
        back=back,
        estimate=legs.basis.is_estimate,
        is_claimed=ride.id in queries.claimed_by(session, driver),
    )


@blueprint.post("/open/<uuid:uid>/claim")
@needs(Action.CLAIM_RIDE)
def claim(uid: UUID) -> ResponseReturnValue:
    """I can do this one."""
    session, actor, driver = context.session(), context.actor(), _own()
    try:
        ride = _get(driver, uid)
        is_mine = service.claim(session, actor, driver, ride, engine=roads(), now=context.now())
    except (Closed, Conflict) as error:
        session.rollback()
        flash(sentence_for(error))
        return redirect(url_for("planning.offers"), code=303)
    if is_mine:
        flash(_("It is yours. The family is told that you come."))
        return redirect(url_for("planning.today"), code=303)
    flash(_("Thank you. The desk knows that you can, and will ask you or tell you."))
    return redirect(url_for("planning.offers"), code=303)


def _get(driver: Driver, uid: UUID) -> Ride:
    """The ride; of one that somebody has by now it is said, not that there is none."""
    session, actor = context.session(), context.actor()
    try:
        return queries.get_open_ride(session, actor, driver, uid, now=context.now())
    except NotFound:
        if not queries.is_known_to(session, actor, uid):
            raise
        raise Closed(_("Somebody else took this ride. Thank you for answering.")) from None


def _own() -> Driver:
    return drivers.own_driver(context.session(), context.actor(), context.group())


def _rides() -> list[tuple[Ride, bool]]:
    """What the driver could do, and whether the hand is up for it."""
    session, actor = context.session(), context.actor()
    if context.group().id not in actor.drives:
        return []
    driver = _own()
    mine = queries.claimed_by(session, driver)
    found = queries.open_rides(session, actor, driver, now=context.now())
    return [(ride, ride.id in mine) for ride in found]


def _about(ride: Ride) -> str:
    """About when: "9:05–9:35"."""
    between = pickup_between(ride)
    if between is None:
        return ""
    first, last = (say_time(one, context.group().zone) for one in between)
    return first if first == last else f"{first}–{last}"
