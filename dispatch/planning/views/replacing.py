"""Who could drive a ride that has lost its driver, each with a button that asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.people import queries as people
from dispatch.planning import queries, replacing
from dispatch.planning.views.assigning import Choice, choice_of
from dispatch.planning.views.blueprint import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.web import context

_STEP = timedelta(minutes=10)


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
        choice.facts, _moments(choice), but_for=None if held is None else held.driver_id
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


def _moments(choice: Choice) -> Iterator[datetime]:
    """Whole minutes at which the ride may begin, the planned one first if there is any."""
    first = max(choice.pickup_at, choice.facts.not_before)
    at = first.replace(second=0, microsecond=0)
    at += timedelta(minutes=1) if at < first else timedelta(0)
    last = choice.window[1] if choice.window else at
    yield at
    while (at := at + _STEP) <= last:
        yield at
