"""The pages of a family itself, and what the desk does about them."""

from dispatch.visits.views.desk import blueprint as desk_blueprint
from dispatch.visits.views.own import blueprint as own_blueprint

__all__ = ["desk_blueprint", "own_blueprint"]
