"""Who could drive a ride that has lost its driver, each with a button that asks."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.people import queries as people
from dispatch.planning import queries, replacing
from dispatch.planning.views.assigning import choice_of
from dispatch.planning.views.blueprint import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.web import context


@blueprint.get("/rides/<uuid:uid>/replacements")
@needs(Action.ASSIGN_RIDE)
def replacements(uid: UUID) -> ResponseReturnValue:
    """The next best drivers, as a part of the board; everybody, where there is no script."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("planning.choose_driver", uid=uid), code=303)
    choice = choice_of(ride, None)
    held = queries.live_assignment(session, ride)
    found = replacing.next_best(
        choice.facts,
        replacing.moments(choice.window, max(choice.pickup_at, choice.facts.not_before)),
        but_for=None if held is None else held.driver_id,
    )
    vault = vault_of(session)
    known = {one.id: one for one in drivers.drivers(session, actor, context.group())}
    return render_template(
        "planning/_replacements.html",
        ride=ride,
        found=[
            (one, known[one.driver_id], people.shown_name(known[one.driver_id].user, vault))
            for one in found
            if one.driver_id in known
        ],
    )
