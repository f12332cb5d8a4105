"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("planning", __name__)
