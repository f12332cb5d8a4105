"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("board", __name__)
