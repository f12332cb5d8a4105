"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("drivers", __name__)
