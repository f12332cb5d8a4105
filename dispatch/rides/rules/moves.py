"""How a ride moves from asked to done: one table, and what is said when a move is not in it."""

from babel.support import LazyProxy

from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.policy import Action
from dispatch.rides.models import RideState

S = RideState
_BACK = frozenset({Action.ANSWER_OFFER, Action.RELEASE_ASSIGNMENT, Action.CHANGE_RIDE})
_REPORT = frozenset({Action.REPORT_PROGRESS})
_CANCEL = frozenset({Action.CANCEL_RIDE})

MOVES: dict[tuple[RideState, RideState], frozenset[Action]] = {
    # Forward
    (S.WILL_CALL, S.OPEN): frozenset({Action.MARK_READY}),
    (S.OPEN, S.OFFERED): frozenset({Action.APPROVE_PROPOSAL, Action.ASSIGN_RIDE}),
    (S.OFFERED, S.ACCEPTED): frozenset({Action.ANSWER_OFFER}),
    (S.ACCEPTED, S.ARRIVED): _REPORT,
    (S.ARRIVED, S.ON_BOARD): _REPORT,
    (S.ARRIVED, S.NO_SHOW): _REPORT,
    (S.ON_BOARD, S.DONE): _REPORT,
    # Back into the pool: declined, released, or asked for at another time
    (S.OFFERED, S.OPEN): _BACK,
    (S.ACCEPTED, S.OPEN): _BACK,
    (S.ARRIVED, S.OPEN): frozenset({Action.RELEASE_ASSIGNMENT}),
    # The last step was a slip of the thumb
    (S.ARRIVED, S.ACCEPTED): _REPORT,
    (S.ON_BOARD, S.ARRIVED): _REPORT,
    (S.NO_SHOW, S.ARRIVED): _REPORT,
    (S.DONE, S.ON_BOARD): _REPORT,
    # Withdrawn, as long as nobody sits in the car; and taken up again
    (S.WILL_CALL, S.CANCELLED): _CANCEL,
    (S.OPEN, S.CANCELLED): _CANCEL,
    (S.OFFERED, S.CANCELLED): _CANCEL,
    (S.ACCEPTED, S.CANCELLED): _CANCEL,
    (S.ARRIVED, S.CANCELLED): _CANCEL,
    (S.CANCELLED, S.OPEN): _CANCEL,
    (S.CANCELLED, S.WILL_CALL): _CANCEL,
}
"""From and to, and by doing what: whoever may do one of the actions may make the move."""

UNDOES = frozenset(
    {
        (S.ARRIVED, S.ACCEPTED),
        (S.ON_BOARD, S.ARRIVED),
        (S.NO_SHOW, S.ARRIVED),
        (S.DONE, S.ON_BOARD),
    }
)
"""The moves that take back the one before."""

CHANGEABLE = frozenset({S.OPEN, S.OFFERED, S.ACCEPTED})
"""States in which a ride may get another time."""
CANCELLABLE = frozenset(before for before, after in MOVES if after is S.CANCELLED)

CANCEL_REASONS: dict[str, LazyProxy] = {
    "family": _l("The family does not need it any more"),
    "moved": _l("The appointment was moved"),
    "sick": _l("Somebody is ill"),
    "other_way": _l("They found another way"),
    "weather": _l("Weather or roads"),
    "no_driver": _l("The driver did not come"),
    "desk": _l("Entered by mistake"),
}
"""Why a ride is withdrawn, coarsely enough to count."""
DRIVER_STAYED_AWAY = "no_driver"
"""The one of them that is the group's own fault: such a ride counts as not driven."""

NO_SHOW_REASONS: dict[str, LazyProxy] = {
    "nobody": _l("Nobody came"),
    "refused": _l("They did not want to ride"),
    "wrong_place": _l("They were not where we were"),
    "at_door": _l("They cancelled at the door"),
}
"""Why a driver came for nothing."""
CANCELLED_AT_DOOR = "at_door"
"""The one of them that counts as cancelled: the party was there and said no."""


def is_legal(before: RideState, after: RideState) -> bool:
    """Whether a ride may go from `before` to `after` in one step."""
    return (before, after) in MOVES


def is_report(before: RideState, after: RideState) -> bool:
    """Whether the step from `before` to `after` is one that a driver tells from the road."""
    return Action.REPORT_PROGRESS in MOVES.get((before, after), ())


def why_not(state: RideState) -> str:
    """What somebody is told whose step does not fit a ride that is in `state` by now."""
    return {
        S.WILL_CALL: _("The party has not said yet that it is ready. Nothing was changed."),
        S.OPEN: _("This ride has no driver now. Nothing was changed."),
        S.OFFERED: _("This ride waits for its driver's answer. Nothing was changed."),
        S.ACCEPTED: _("A driver has accepted this ride. Nothing was changed."),
        S.ARRIVED: _("The driver is at the pickup already. Nothing was changed."),
        S.ON_BOARD: _("The party is on board already. Nothing was changed."),
        S.DONE: _("This ride is over. Nothing was changed."),
        S.NO_SHOW: _("This ride was marked as a no-show. Nothing was changed."),
        S.CANCELLED: _("This ride was cancelled. Nothing was changed."),
    }[state]
