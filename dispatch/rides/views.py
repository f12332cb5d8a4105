"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("rides", __name__)
