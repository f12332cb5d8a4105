"""What the tests of a family's own page share."""

from tests.dispatch.visits.household import page

__all__ = ["page"]
