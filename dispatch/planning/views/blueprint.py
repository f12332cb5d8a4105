"""The blueprint that the pages of planning share."""

from flask import Blueprint, current_app

from dispatch.places.roads import Roads
from dispatch.planning.service.runs import Enqueue

blueprint = Blueprint("planning", __name__)
ROADS = "dispatch.roads"
ENQUEUE = "dispatch.enqueue"


def engine() -> Roads:
    """What knows how long driving takes."""
    return current_app.extensions[ROADS]


def enqueue() -> Enqueue:
    """What wakes a worker."""
    return current_app.extensions[ENQUEUE]
