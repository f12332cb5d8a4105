"""A ride that is dragged to another driver on the board."""

from uuid import UUID

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.drivers import queries as drivers
from dispatch.errors import Stale
from dispatch.i18n import gettext as _
from dispatch.places.here import roads
from dispatch.planning import forms, queries, service
from dispatch.planning.views.assigning import candidates, choice_of, say_asked
from dispatch.planning.views.blueprint import (
    REFUSALS,
    blueprint,
    board_of,
    refused,
)
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.web import context


@blueprint.get("/rides/<uuid:uid>/fits")
@needs(Action.ASSIGN_RIDE)
def fits(uid: UUID) -> ResponseReturnValue:
    """For a ride that is being dragged, by the uid of each driver: what speaks against it, or what
    it costs."""
    ride = rides.get_ride(context.session(), context.actor(), uid)
    if ride.state not in service.MOVABLE:
        return jsonify(cannot={}, may={})
    found = candidates(choice_of(ride, None))
    return jsonify(
        cannot={str(one.driver.uid): " ".join(one.reasons) for one in found if one.reasons},
        may={str(one.driver.uid): one.said for one in found if not one.reasons},
    )


@blueprint.post("/rides/<uuid:uid>/move")
@needs(Action.ASSIGN_RIDE)
def move(uid: UUID) -> ResponseReturnValue:
    """Give a ride to the driver on whom it was dropped, at the time when it is planned now."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    to, was = (forms.parse_uid(request.form.get(name)) for name in ("shift", "was"))
    if to is None:
        return redirect(url_for("planning.choose_driver", uid=uid), code=303)
    driver, way_back = drivers.get_driver(session, actor, to), board_of(ride.service_on, ride)
    held = queries.live_assignment(session, ride)
    try:
        choice = choice_of(ride, None)
        if choice.chosen is None or choice.chosen.uid != was:
            raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
        made = service.assign(
            session,
            actor,
            ride,
            driver,
            pickup_at=choice.pickup_at,
            version=ride.version,
            engine=roads(),
            now=context.now(),
        )
    except REFUSALS as error:
        return refused(error, way_back)
    say_asked(driver, made, held)
    return redirect(way_back, code=303)
