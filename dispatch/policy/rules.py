"""The law on one page: each action has clauses; any one suffices if all its predicates hold."""

from collections.abc import Callable
from datetime import datetime

from dispatch.errors import Forbidden, NotFound
from dispatch.policy import predicates as p
from dispatch.policy.actions import Action
from dispatch.policy.actor import Actor, Standing

Predicate = Callable[[Actor, object, datetime], bool]

RULES: dict[Action, list[list[Predicate]]] = {
    Action.SIGN_OUT: [[p.is_anyone]],
    Action.CHANGE_OWN_ACCOUNT: [[p.is_the_person]],
    Action.SUSPEND_ACCOUNT: [[p.is_steward], [p.is_system]],
    Action.FINISH_SIGN_IN: [[p.is_half_in]],
    Action.USE_RECOVERY_CODE: [[p.is_half_in]],
    Action.ENROL: [[p.is_entering]],
    Action.LOCK_OWN_ACCOUNT: [[p.is_the_person]],
    Action.SEE_ACCOUNTS: [[p.is_steward], [p.coordinates_the_group]],
    Action.UNLOCK_ACCOUNT: [[p.is_steward], [p.coordinates_the_group]],
    Action.ASK_RENEWAL: [[p.is_steward], [p.coordinates_the_group]],
    Action.SEE_FREEZE: [[p.is_steward], [p.coordinates]],
    Action.FREEZE: [[p.is_steward], [p.is_system]],
    Action.ASK_UNFREEZE: [[p.is_steward], [p.coordinates]],
    Action.MAKE_GROUP: [[p.is_steward], [p.is_system]],
    Action.SEE_GROUP: [[p.is_steward]],
    Action.CHANGE_GROUP: [[p.is_steward], [p.is_system]],
    Action.INVITE_COORDINATOR: [[p.is_steward], [p.is_system]],
    Action.INVITE_DRIVER: [[p.is_steward], [p.coordinates_the_group], [p.is_system]],
    Action.SEE_GEOCODER: [[p.is_steward]],
    Action.ALLOW_GEOCODER: [[p.is_steward]],
    Action.STOP_GEOCODER: [[p.is_steward]],
    Action.SEE_MOTIONS: [[p.is_steward], [p.coordinates_its_group_or_all]],
    Action.ASK_FOR_SECOND: [[p.is_steward], [p.coordinates_its_group_or_all]],
    Action.SECOND_MOTION: [
        [p.is_a_second_person, p.is_steward],
        [p.is_a_second_person, p.coordinates_its_group_or_all],
    ],
    Action.END_MOTION: [[p.is_steward], [p.coordinates_its_group_or_all]],
    Action.SEE_ALARMS: [[p.is_steward], [p.coordinates_the_group]],
    Action.TAKE_ALARM: [
        [p.is_about_another, p.is_steward],
        [p.is_about_another, p.coordinates_the_group],
    ],
    Action.SEE_FAMILY: [[p.coordinates_the_group]],
    Action.CHANGE_FAMILY: [[p.coordinates_the_group], [p.is_system]],
    Action.REVEAL_FAMILY: [
        [p.coordinates_the_group, p.is_not_closed],
        [p.coordinates_the_group, p.holds_break_glass],
    ],
    Action.SEE_PLACE: [[p.coordinates_the_group]],
    Action.CHANGE_PLACE: [[p.coordinates_the_group], [p.is_system]],
    Action.READ_ADDRESS: [
        [p.coordinates_the_group, p.is_not_closed],
        [p.coordinates_the_group, p.holds_break_glass],
        [p.holds_live_grant],
    ],
    Action.MEET_FAMILY: [[p.is_the_driver, p.is_in_the_rides_time]],
    Action.SEE_OWN_FAMILY: [[p.is_the_family]],
    Action.CONFIRM_RIDE: [[p.is_the_family]],
    Action.WITHDRAW_FAMILY: [[p.coordinates_the_group], [p.is_the_family]],
    Action.LEAVE_OWN_PAGE: [[p.is_the_family]],
    Action.GIVE_FAMILY_CODE: [[p.coordinates_the_group]],
    Action.END_FAMILY_PHONE: [[p.coordinates_the_group]],
    Action.BREAK_GLASS: [[p.coordinates_the_group]],
    Action.SEE_GLASS: [[p.coordinates_the_group], [p.is_steward]],
    Action.READ_GLASS_REASON: [[p.coordinates_the_group]],
    Action.END_GLASS: [[p.coordinates_the_group], [p.is_steward]],
    Action.REVIEW_GLASS: [
        [p.coordinates_the_group, p.is_another_person],
        [p.is_steward, p.is_another_person],
    ],
    Action.CALL_FAMILY: [[p.is_the_driver, p.is_in_the_rides_time]],
    Action.NAVIGATE: [[p.is_the_driver, p.is_in_the_rides_time, p.may_be_navigated]],
    Action.SEE_DRIVER: [[p.coordinates_the_group], [p.is_the_driver]],
    Action.CHANGE_DRIVER: [[p.coordinates_the_group], [p.is_the_driver], [p.is_system]],
    Action.CHANGE_AVAILABILITY: [[p.coordinates_the_group], [p.is_the_driver], [p.is_system]],
    Action.CLEAR_DRIVER: [[p.coordinates_the_group], [p.is_system]],
    Action.DROP_OUT: [[p.coordinates_the_group]],
    Action.KEEP_FEED: [[p.is_the_driver]],
    Action.CORRECT_DRIVEN: [[p.is_the_driver]],
    Action.EXPORT_DRIVEN: [[p.coordinates_the_group]],
    Action.SEE_BOARD: [[p.coordinates_the_group]],
    Action.SUBMIT_REQUEST: [[p.coordinates_the_group], [p.is_system]],
    Action.SEE_RIDE: [[p.coordinates_the_group]],
    Action.CHANGE_RIDE: [[p.coordinates_the_group]],
    Action.CANCEL_RIDE: [[p.coordinates_the_group], [p.is_the_family]],
    Action.MARK_READY: [[p.coordinates_the_group], [p.is_the_family]],
    Action.REPORT_PROGRESS: [[p.coordinates_the_group], [p.is_the_driver]],
    Action.START_RUN: [[p.coordinates_the_group], [p.is_system]],
    Action.SEE_RUN: [[p.coordinates_the_group]],
    Action.CANCEL_RUN: [[p.coordinates_the_group], [p.is_system]],
    Action.APPROVE_PROPOSAL: [[p.coordinates_the_group]],
    Action.DECLINE_PROPOSAL: [[p.coordinates_the_group]],
    Action.ASSIGN_RIDE: [[p.coordinates_the_group]],
    Action.RELEASE_ASSIGNMENT: [[p.coordinates_the_group], [p.is_system]],
    Action.SEE_OWN_RIDES: [[p.is_the_driver]],
    Action.ANSWER_OFFER: [[p.is_the_driver]],
    Action.CLAIM_RIDE: [[p.drives_for_the_group]],
    Action.SEE_INCIDENTS: [[p.coordinates_the_group]],
    Action.WRITE_INCIDENT: [[p.coordinates_the_group]],
    Action.READ_INCIDENT: [
        [p.coordinates_the_group, p.is_not_closed],
        [p.coordinates_the_group, p.holds_break_glass],
    ],
    Action.SETTLE_INCIDENT: [[p.coordinates_the_group]],
    Action.ERASE: [[p.is_system]],
    Action.SEE_RETENTION: [[p.coordinates_the_group], [p.is_steward]],
    Action.SEE_NUMBERS: [[p.coordinates_the_group], [p.is_steward]],
    Action.HOLD_FAMILY: [[p.coordinates_the_group]],
    Action.LEAVE: [[p.is_steward]],
    Action.SEE_MESSAGES: [[p.coordinates_the_group]],
    Action.MARK_TOLD: [[p.coordinates_the_group]],
    Action.SEE_LOG: [[p.coordinates_the_group], [p.is_steward]],
    Action.IMPORT: [[p.coordinates_the_group], [p.is_system]],
}

_ROLE_OF: dict[Predicate, Callable[[Actor], bool]] = {
    p.is_anyone: lambda actor: actor.user_id is not None,
    p.is_steward: lambda actor: actor.is_in and actor.is_steward,
    p.is_system: lambda actor: actor.is_system,
    p.coordinates: lambda actor: actor.is_in and bool(actor.coordinates),
    p.coordinates_the_group: lambda actor: actor.is_at_work and bool(actor.coordinates),
    p.coordinates_its_group_or_all: lambda actor: actor.is_in and bool(actor.coordinates),
    p.is_a_second_person: lambda actor: actor.is_in and actor.user_id is not None,
    p.is_about_another: lambda actor: actor.is_in and actor.user_id is not None,
    p.drives_for_the_group: lambda actor: actor.is_at_work and bool(actor.drives),
    p.is_the_driver: lambda actor: actor.is_at_work and bool(actor.drives),
    p.is_in_the_rides_time: lambda actor: actor.is_at_work,
    p.may_be_navigated: lambda actor: actor.is_at_work,
    p.is_another_person: lambda actor: actor.is_in and actor.user_id is not None,
    p.is_the_family: lambda actor: actor.is_at_work and actor.family_id is not None,
    p.is_not_closed: lambda actor: actor.is_active,
    p.holds_break_glass: lambda actor: actor.is_at_work and bool(actor.coordinates),
    p.is_the_person: lambda actor: actor.is_in and actor.user_id is not None,
    p.is_entering: lambda actor: actor.standing is not Standing.HALF_IN and bool(actor.user_id),
    p.is_half_in: lambda actor: actor.standing is Standing.HALF_IN and bool(actor.user_id),
    p.holds_live_grant: lambda actor: actor.is_at_work and bool(actor.drives),
}
"""What a person must be for a predicate ever to hold: tells 403 from 404."""


def permits(actor: Actor, action: Action, thing: object, now: datetime) -> bool:
    """Whether `actor` may do `action` to `thing` at `now`."""
    clauses = RULES[action]
    return any(all(predicate(actor, thing, now) for predicate in clause) for clause in clauses)


def may_ever(actor: Actor, action: Action) -> bool:
    """Whether there could be a thing to which `actor` may do `action`."""
    if not (actor.is_active or actor.is_system):
        return False
    return any(all(_ROLE_OF[predicate](actor) for predicate in clause) for clause in RULES[action])


def require(actor: Actor, action: Action, thing: object, now: datetime) -> None:
    """Go on only if `actor` may do `action` to `thing` at `now`.

    Raises
        Forbidden: this role never may; that the function exists is no secret.
        NotFound: not this thing; that it exists is one.
    """
    if permits(actor, action, thing, now):
        return
    if not may_ever(actor, action):
        raise Forbidden(action.value)
    raise NotFound(action.value)
