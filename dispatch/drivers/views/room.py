"""The blueprint that the pages of this room are hung on."""

from flask import Blueprint

blueprint = Blueprint("drivers", __name__)
