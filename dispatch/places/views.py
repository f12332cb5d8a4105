"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("places", __name__)
