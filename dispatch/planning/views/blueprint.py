"""What the pages of planning share: the blueprint, what it was given, and the ways back."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from dispatch.errors import Closed, Conflict, Refused
from dispatch.places.words import language_name
from dispatch.planning.models import Assignment
from dispatch.planning.service.runs import Enqueue
from dispatch.rides.models import Ride
from dispatch.web import context
from dispatch.web.errors import sentence_for

blueprint = Blueprint("planning", __name__)
blueprint.add_app_template_global(language_name)
ENQUEUE = "dispatch.enqueue"
REFUSALS = (Refused, Conflict, Closed)
"""What a button may be answered with although nobody did anything wrong."""


def enqueue() -> Enqueue:
    """What wakes a worker."""
    return current_app.extensions[ENQUEUE]


def back_from(assignment: Assignment) -> str:
    """Where whoever tells how a ride goes came from: its driver's day, or the board."""
    if assignment.driver_id in context.actor().driver_ids:
        return url_for("planning.today")
    return board_of(assignment.ride.service_on, assignment.ride)


def board_of(day: date, ride: Ride | None = None) -> str:
    """The address of the board on `day`, with a ride selected."""
    return url_for("board.day", day=day.isoformat(), ride=None if ride is None else str(ride.uid))


def undo_of(made: Iterable[Assignment]) -> str:
    """Where it is undone that these were given away."""
    return url_for("planning.undo_offers", assignment=[str(one.uid) for one in made])


def refused(error: Exception, way_back: str) -> ResponseReturnValue:
    """Nothing was changed: the person is back where the button was, and reads why."""
    context.session().rollback()
    flash(sentence_for(error))
    return redirect(way_back, code=303)
