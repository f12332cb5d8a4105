"""A view says beside itself what it is for."""

from dispatch.policy import Action
from dispatch.policy.endpoints import action_of, needs


def test_a_view_carries_its_action():
    @needs(Action.SEE_BOARD)
    def view() -> str:
        return "the board"

    assert action_of(view) is Action.SEE_BOARD
    assert view() == "the board"


def test_a_view_that_says_nothing_has_no_action():
    assert action_of(lambda: "") is None
