"""What the pages of planning share: the blueprint, what it was given, the way to the board."""

from datetime import date

from flask import Blueprint, current_app, url_for

from dispatch.places.roads import Roads
from dispatch.planning.service.runs import Enqueue
from dispatch.rides.models import Ride

blueprint = Blueprint("planning", __name__)
ROADS = "dispatch.roads"
ENQUEUE = "dispatch.enqueue"


def engine() -> Roads:
    """What knows how long driving takes."""
    return current_app.extensions[ROADS]


def enqueue() -> Enqueue:
    """What wakes a worker."""
    return current_app.extensions[ENQUEUE]


def board_of(day: date, ride: Ride | None = None) -> str:
    """The address of the board on `day`, with a ride selected."""
    return url_for("board.day", day=day.isoformat(), ride=None if ride is None else str(ride.uid))
