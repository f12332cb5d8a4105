"""A view says beside itself what it is for."""

from dispatch.policy import Action
from dispatch.policy.endpoints import action_of, needs, wants_fresh


def test_a_view_carries_its_action():
    @needs(Action.SEE_BOARD)
    def view() -> str:
        return "the board"

    assert action_of(view) is Action.SEE_BOARD
    assert view() == "the board"


def test_a_view_that_says_nothing_has_no_action():
    assert action_of(lambda: "") is None


def test_a_view_asks_for_a_proof_of_lately_only_if_it_says_so():
    @needs(Action.SEE_BOARD)
    def plain() -> str:
        return ""

    @needs(Action.SEE_BOARD, fresh=True)
    def careful() -> str:
        return ""

    assert wants_fresh(careful) is True
    assert wants_fresh(plain) is False
    assert wants_fresh(lambda: "") is False
