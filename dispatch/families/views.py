"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("families", __name__)
