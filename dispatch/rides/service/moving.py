"""Moving rides on, asking for them at another time, withdrawing them and taking them up again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict, NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.policy import Action, Actor
from dispatch.rides import rules
from dispatch.rides.models import Anchor, Ride, RideEvent, RideState
from dispatch.rides.rules import Window
from dispatch.rides.service.asking import may_use


def move(
    session: Session, ride: Ride, state: RideState, *, by_user_id: int | None, now: datetime
) -> None:
    """Bring `ride` into `state`, from whatever state it is in by now, and note the event.

    The one place where a ride's state changes. Locks the ride until the transaction ends.

    Raises
        Conflict: `MOVES` has no such step from the present state.
    """
    session.refresh(ride, attribute_names=["state"], with_for_update=True)
    before = ride.state
    if not rules.is_legal(before, state):
        raise Conflict(rules.why_not(before))
    ride.state = state
    ride.events.append(RideEvent(at=now, before=before, after=state, by_id=by_user_id))
    session.flush()


def mark_ready(
    session: Session, actor: Actor, ride: Ride, window: Window, *, now: datetime
) -> None:
    """The party of a will-call can be fetched within `window`: from now on it wants a driver.

    Raises
        Conflict: the ride waits for no such word.
        Refused: the window is in the past, or closes before it opens.
    """
    policy.require(actor, Action.MARK_READY, ride, now)
    _require_window(window, now)
    session.refresh(ride, attribute_names=["state"], with_for_update=True)
    if ride.state is not RideState.WILL_CALL:
        raise Conflict(rules.why_not(ride.state))
    _put_window(ride, window, _zone(session, ride))
    ride.ready_at = now
    move(session, ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
    _record(session, actor, Action.MARK_READY, ride, now)


def confirm(session: Session, actor: Actor, ride: Ride, *, now: datetime) -> None:
    """The family says that it will be there.

    Raises
        Conflict: the ride is under way, over, or waits for "ready" instead.
    """
    policy.require(actor, Action.CONFIRM_RIDE, ride, now)
    session.refresh(ride, attribute_names=["state", "confirmed_at"], with_for_update=True)
    if ride.state not in rules.CHANGEABLE:
        raise Conflict(rules.why_not(ride.state))
    if ride.confirmed_at is None:
        ride.confirmed_at = now
        session.flush()
        _record(session, actor, Action.CONFIRM_RIDE, ride, now)


def change_window(
    session: Session, actor: Actor, ride: Ride, window: Window, *, now: datetime
) -> None:
    """Ask for `ride` at another time. A way back with a waiting driver moves along.

    Raises
        Conflict: it is under way or over.
        Refused: the window is in the past, closes before it opens, or crosses the other way.
    """
    policy.require(actor, Action.CHANGE_RIDE, ride, now)
    _require_window(window, now)
    session.refresh(ride, attribute_names=["state", "version"], with_for_update=True)
    if ride.state not in rules.CHANGEABLE:
        raise Conflict(rules.why_not(ride.state))
    if ride.with_outbound:
        raise Refused(_("The driver waits for this way back. Change the way there instead."))
    _require_order(ride, window)
    zone = _zone(session, ride)
    _put_window(ride, window, zone)
    for back in ride.returns:
        if back.with_outbound and back.state in rules.CHANGEABLE:
            _put_window(back, rules.waiting(window, ride.wait_minutes), zone)
    session.flush()
    _record(session, actor, Action.CHANGE_RIDE, ride, now)


def change_place(
    session: Session, actor: Actor, ride: Ride, left: Place, place: Place, *, now: datetime
) -> None:
    """Let `ride` begin or end at `place` where it did at `left`.

    A pickup that the party has left already stays what it was.

    Raises
        NotFound: the place is not the family's to use.
        Conflict: the ride is over.
    """
    policy.require(actor, Action.CHANGE_RIDE, ride, now)
    if not may_use(ride.family, place):
        raise NotFound("place")
    session.refresh(ride, attribute_names=["state", "version"], with_for_update=True)
    if ride.state in (RideState.DONE, RideState.NO_SHOW):
        raise Conflict(rules.why_not(ride.state))
    if ride.pickup_place is left and ride.state is not RideState.ON_BOARD:
        ride.pickup_place = place
    if ride.dropoff_place is left:
        ride.dropoff_place = place
    ride.version += 1
    session.flush()
    _record(session, actor, Action.CHANGE_RIDE, ride, now)


def cancel(session: Session, actor: Actor, ride: Ride, *, reason: str, now: datetime) -> None:
    """The asking side withdraws `ride`. `reason` is a code of `rules.CANCEL_REASONS`.

    Raises
        Conflict: the party sits in the car, or the ride is over.
        Refused: there is no such reason.
    """
    policy.require(actor, Action.CANCEL_RIDE, ride, now)
    if reason not in rules.CANCEL_REASONS:
        raise Refused(_("Say why the ride is cancelled."))
    move(session, ride, RideState.CANCELLED, by_user_id=actor.user_id, now=now)
    ride.cancel_reason = reason
    ride.version += 1
    session.flush()
    _record(session, actor, Action.CANCEL_RIDE, ride, now)


def restore(session: Session, actor: Actor, ride: Ride, *, now: datetime) -> None:
    """Take a cancelled ride up again: it wants a driver, or waits for "ready" as before.

    A way back whose driver waits was cancelled with the way there, and comes back with it.

    Raises
        Conflict: it is not cancelled, its time has passed, or its way there is cancelled.
    """
    policy.require(actor, Action.CANCEL_RIDE, ride, now)
    if ride.window_ends_at is not None and ride.window_ends_at <= now:
        raise Conflict(_("The time of this ride has passed. Enter a new request."))
    if ride.with_outbound and ride.outbound.state is RideState.CANCELLED:
        raise Conflict(_("The way there is cancelled. Take that up again first."))
    _take_up(session, actor, ride, now)
    for back in ride.returns:
        if back.with_outbound and back.state is RideState.CANCELLED:
            _take_up(session, actor, back, now)


def _take_up(session: Session, actor: Actor, ride: Ride, now: datetime) -> None:
    state = RideState.WILL_CALL if ride.window_ends_at is None else RideState.OPEN
    move(session, ride, state, by_user_id=actor.user_id, now=now)
    ride.cancel_reason = None
    ride.version += 1
    session.flush()
    _record(session, actor, Action.CANCEL_RIDE, ride, now)


def _put_window(ride: Ride, window: Window, zone: ZoneInfo) -> None:
    ride.window_starts_at, ride.window_ends_at = window
    ride.confirmed_at = None
    anchored = window[1] if ride.anchor is Anchor.ARRIVE_BY else window[0]
    ride.service_on = clock.local_day(anchored, zone)
    ride.version += 1


def _require_window(window: Window, now: datetime) -> None:
    if window[0] > window[1]:
        raise Refused(_("A window cannot close before it opens."))
    if window[1] <= now:
        raise Refused(_("This time has passed already."))


def _require_order(ride: Ride, window: Window) -> None:
    """Nobody goes back before being there."""
    if (
        ride.outbound is not None
        and _is_timed(ride.outbound)
        and (window[0] < ride.outbound.window_ends_at)
    ):
        raise Refused(_("That is before they arrive."))
    for back in ride.returns:
        if not back.with_outbound and _is_timed(back) and back.window_starts_at < window[1]:
            raise Refused(_("That is after they leave again. Change the way back first."))


def _is_timed(ride: Ride) -> bool:
    return ride.window_starts_at is not None and ride.state is not RideState.CANCELLED


def _zone(session: Session, ride: Ride) -> ZoneInfo:
    return session.get_one(Group, ride.group_id).zone


def _record(session: Session, actor: Actor, action: Action, ride: Ride, now: datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        ride,
        now=now,
        family_uid=ride.family.uid,
        ride_uid=ride.uid,
    )
