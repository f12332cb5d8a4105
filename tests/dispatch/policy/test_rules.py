"""Each rule says yes to somebody and no to somebody who comes close."""

from dataclasses import replace

import pytest

from dispatch.errors import Forbidden, NotFound
from dispatch.policy import Action, Actor, Standing, may_ever, permits, require
from dispatch.policy.rules import RULES
from tests.dispatch.policy.principals import (
    ALARM,
    COORDINATOR,
    COORDINATOR_ELSEWHERE,
    DRIVER,
    ELSEWHERE,
    FAMILY,
    HOME,
    MOTION,
    NOW,
    OMAR,
    PRINCIPALS,
    RIDE,
    STEWARD,
    THING,
    Break,
    Family,
    Grant,
)

IN_QUESTION = {
    Action.READ_ADDRESS: HOME,
    Action.MEET_FAMILY: RIDE,
    Action.CALL_FAMILY: RIDE,
    Action.NAVIGATE: RIDE,
    Action.SECOND_MOTION: MOTION,
    Action.TAKE_ALARM: ALARM,
}
"""What the law decides on, where it is not a row with a group and a driver."""
DESK = ("coordinator",)
"""What belongs to the desk of the group."""
DESK_AND_HOUSE = ("coordinator", "system")
"""What also the command line and the worker do."""
DESK_AND_DRIVER = ("coordinator", "driver")
DESK_DRIVER_AND_HOUSE = ("coordinator", "driver", "system")
DRIVER_ALONE = ("driver",)
FAMILY_ALONE = ("family",)
DESK_AND_FAMILY = ("coordinator", "family")
STEWARDS = ("steward", "frozen steward")
"""Accounts and settings are kept while the service is frozen, too."""
DESK_AND_STEWARD = ("coordinator", *STEWARDS)
HOUSEKEEPING = (*STEWARDS, "system")
KEEPERS = (*STEWARDS, "coordinator", "coordinator elsewhere", "frozen coordinator")
"""Who ends a freeze, two together."""
OWNER = ("driver", "frozen driver")
"""The person whose account the thing is."""

MAY: dict[Action, tuple[str, ...]] = {
    Action.SIGN_OUT: (
        "driver",
        "driver elsewhere",
        "coordinator",
        "coordinator elsewhere",
        "steward",
        "driver to enrol",
        "coordinator half in",
        "frozen driver",
        "frozen coordinator",
        "frozen steward",
    ),
    Action.SUSPEND_ACCOUNT: HOUSEKEEPING,
    Action.FINISH_SIGN_IN: ("coordinator half in",),
    Action.USE_RECOVERY_CODE: ("coordinator half in",),
    Action.ENROL: (*OWNER, "driver to enrol"),
    Action.CHANGE_OWN_ACCOUNT: OWNER,
    Action.LOCK_OWN_ACCOUNT: OWNER,
    Action.SEE_ACCOUNTS: (*STEWARDS, "coordinator"),
    Action.UNLOCK_ACCOUNT: (*STEWARDS, "coordinator"),
    Action.ASK_RENEWAL: (*STEWARDS, "coordinator"),
    Action.SEE_FREEZE: KEEPERS,
    Action.FREEZE: HOUSEKEEPING,
    Action.ASK_UNFREEZE: KEEPERS,
    Action.MAKE_GROUP: HOUSEKEEPING,
    Action.SEE_GROUP: STEWARDS,
    Action.CHANGE_GROUP: HOUSEKEEPING,
    Action.INVITE_COORDINATOR: HOUSEKEEPING,
    Action.INVITE_DRIVER: (*HOUSEKEEPING, "coordinator"),
    Action.SEE_MOTIONS: DESK_AND_STEWARD,
    Action.ASK_FOR_SECOND: DESK_AND_STEWARD,
    Action.SECOND_MOTION: DESK_AND_STEWARD,
    Action.END_MOTION: DESK_AND_STEWARD,
    Action.SEE_ALARMS: DESK_AND_STEWARD,
    Action.TAKE_ALARM: DESK_AND_STEWARD,
    Action.SEE_GEOCODER: STEWARDS,
    Action.ALLOW_GEOCODER: STEWARDS,
    Action.STOP_GEOCODER: STEWARDS,
    Action.SEE_FAMILY: DESK,
    Action.CHANGE_FAMILY: DESK_AND_HOUSE,
    Action.REVEAL_FAMILY: DESK,
    Action.SEE_PLACE: DESK,
    Action.CHANGE_PLACE: DESK_AND_HOUSE,
    Action.READ_ADDRESS: DESK_AND_DRIVER,
    Action.MEET_FAMILY: DRIVER_ALONE,
    Action.SEE_OWN_FAMILY: FAMILY_ALONE,
    Action.CONFIRM_RIDE: FAMILY_ALONE,
    Action.WITHDRAW_FAMILY: DESK_AND_FAMILY,
    Action.LEAVE_OWN_PAGE: FAMILY_ALONE,
    Action.GIVE_FAMILY_CODE: DESK,
    Action.END_FAMILY_PHONE: DESK,
    Action.BREAK_GLASS: DESK,
    Action.SEE_GLASS: DESK_AND_STEWARD,
    Action.READ_GLASS_REASON: DESK,
    Action.END_GLASS: DESK_AND_STEWARD,
    Action.REVIEW_GLASS: DESK_AND_STEWARD,
    Action.CALL_FAMILY: DRIVER_ALONE,
    Action.NAVIGATE: DRIVER_ALONE,
    Action.SEE_DRIVER: DESK_AND_DRIVER,
    Action.CHANGE_DRIVER: DESK_DRIVER_AND_HOUSE,
    Action.CHANGE_AVAILABILITY: DESK_DRIVER_AND_HOUSE,
    Action.CLEAR_DRIVER: DESK_AND_HOUSE,
    Action.DROP_OUT: DESK,
    Action.KEEP_FEED: DRIVER_ALONE,
    Action.CORRECT_DRIVEN: DRIVER_ALONE,
    Action.EXPORT_DRIVEN: DESK,
    Action.SEE_BOARD: DESK,
    Action.SUBMIT_REQUEST: DESK_AND_HOUSE,
    Action.SEE_RIDE: DESK,
    Action.CHANGE_RIDE: DESK,
    Action.CANCEL_RIDE: DESK_AND_FAMILY,
    Action.MARK_READY: DESK_AND_FAMILY,
    Action.REPORT_PROGRESS: DESK_AND_DRIVER,
    Action.START_RUN: DESK_AND_HOUSE,
    Action.SEE_RUN: DESK,
    Action.CANCEL_RUN: DESK_AND_HOUSE,
    Action.APPROVE_PROPOSAL: DESK,
    Action.DECLINE_PROPOSAL: DESK,
    Action.ASSIGN_RIDE: DESK,
    Action.RELEASE_ASSIGNMENT: DESK_AND_HOUSE,
    Action.SEE_OWN_RIDES: DRIVER_ALONE,
    Action.ANSWER_OFFER: DRIVER_ALONE,
    Action.CLAIM_RIDE: DRIVER_ALONE,
    Action.SEE_INCIDENTS: DESK,
    Action.WRITE_INCIDENT: DESK,
    Action.READ_INCIDENT: DESK,
    Action.SETTLE_INCIDENT: DESK,
    Action.ERASE: ("system",),
    Action.SEE_RETENTION: DESK_AND_STEWARD,
    Action.SEE_NUMBERS: DESK_AND_STEWARD,
    Action.HOLD_FAMILY: DESK,
    Action.LEAVE: STEWARDS,
    Action.SEE_MESSAGES: DESK,
    Action.MARK_TOLD: DESK,
    Action.SEE_LOG: DESK_AND_STEWARD,
    Action.IMPORT: DESK_AND_HOUSE,
}
"""Who may, about a thing of the first group that names its driver. Nobody else may."""

ABOUT_NOTHING = {Action.SIGN_OUT, Action.SEE_FREEZE, Action.ASK_UNFREEZE}
ABOUT_SOMETHING = [action for action in MAY if action not in ABOUT_NOTHING]


COORDINATORS_OWN = {Action.FINISH_SIGN_IN, Action.USE_RECOVERY_CODE}
"""What is asked about the account of the first group's coordinator."""


def about(action: Action) -> object:
    """A thing for `action`, of the first group and its driver."""
    if action in COORDINATORS_OWN:
        return replace(THING, user_id=COORDINATOR.user_id)
    return IN_QUESTION.get(action, THING)


def of_another(action: Action) -> object:
    """The like of another group and another driver."""
    thing = replace(about(action), group_id=ELSEWHERE)
    if action is Action.READ_ADDRESS:
        return replace(thing, grants=(Grant(driver_id=OMAR),))
    if action in (Action.SECOND_MOTION, Action.TAKE_ALARM):
        return thing
    changed = replace(thing, driver_id=OMAR)
    if hasattr(changed, "family_id"):
        changed = replace(changed, family_id=32)
    return replace(changed, user_id=102) if hasattr(changed, "user_id") else changed


@pytest.mark.parametrize("action", MAY)
def test_these_may_and_nobody_else(action: Action):
    may = {who for who, one in PRINCIPALS.items() if permits(one, action, about(action), NOW)}
    assert may == set(MAY[action])


@pytest.mark.parametrize("action", ABOUT_SOMETHING)
@pytest.mark.parametrize("who", ["driver", "coordinator", "family"])
def test_what_is_of_another_group_and_driver_is_not_theirs(action: Action, who: str):
    assert not permits(PRINCIPALS[who], action, of_another(action), NOW)


def test_a_clause_holds_only_with_all_its_predicates():
    assert permits(DRIVER, Action.MEET_FAMILY, RIDE, NOW)
    late = replace(RIDE, closes_at=NOW)
    early = replace(RIDE, opens_at=NOW.replace(second=1))
    offered = replace(RIDE, is_accepted=False)
    assert not any(permits(DRIVER, Action.MEET_FAMILY, one, NOW) for one in (late, early, offered))


def test_a_grant_that_ended_opens_nothing():
    ended = replace(HOME, grants=(Grant(ends_at=NOW),))
    assert permits(DRIVER, Action.READ_ADDRESS, HOME, NOW)
    assert not permits(DRIVER, Action.READ_ADDRESS, ended, NOW)


@pytest.mark.parametrize("action", [Action.REVEAL_FAMILY, Action.READ_ADDRESS])
def test_a_closed_family_opens_only_to_who_opened_it_in_need(action: Action):
    def about_family(family: Family) -> object:
        if action is Action.READ_ADDRESS:
            return replace(HOME, family=family)
        return replace(THING, family_id=family.id, is_closed=True, breaks=family.breaks)

    closed = Family(is_closed=True, breaks=())
    assert not permits(COORDINATOR, action, about_family(closed), NOW)
    opened = replace(closed, breaks=(Break(),))
    assert permits(COORDINATOR, action, about_family(opened), NOW)
    for other in (Break(family_id=32), Break(user_id=104), Break(ends_at=NOW)):
        assert not permits(COORDINATOR, action, about_family(replace(closed, breaks=(other,))), NOW)
    elsewhere = replace(closed, breaks=(Break(user_id=104),))
    assert not permits(PRINCIPALS["coordinator elsewhere"], action, about_family(elsewhere), NOW)


def test_what_cannot_say_that_it_is_open_is_closed():
    assert not permits(COORDINATOR, Action.REVEAL_FAMILY, Bare(), NOW)


class Bare:
    """Something of the first group that knows nothing of families."""

    group_id = 1


def test_nobody_reviews_the_own_deed():
    own = replace(THING, user_id=103)
    assert permits(COORDINATOR, Action.REVIEW_GLASS, THING, NOW)
    assert not permits(COORDINATOR, Action.REVIEW_GLASS, own, NOW)


def test_a_family_does_nothing_for_another():
    for action in (Action.SEE_OWN_FAMILY, Action.CONFIRM_RIDE, Action.CANCEL_RIDE):
        assert not permits(PRINCIPALS["family elsewhere"], action, THING, NOW)


def test_a_grant_opens_no_other_place():
    other = replace(HOME, grants=(Grant(place_id=6),))
    assert not permits(DRIVER, Action.READ_ADDRESS, other, NOW)


def test_a_steward_reads_no_address():
    assert not may_ever(STEWARD, Action.READ_ADDRESS)
    assert not may_ever(STEWARD, Action.REVEAL_FAMILY)
    assert not may_ever(STEWARD, Action.MEET_FAMILY)


def test_nobody_seconds_what_they_asked_for():
    own = replace(MOTION, asked_by_id=COORDINATOR.user_id)
    assert permits(COORDINATOR, Action.SECOND_MOTION, MOTION, NOW)
    assert not permits(COORDINATOR, Action.SECOND_MOTION, own, NOW)
    assert not permits(
        STEWARD, Action.SECOND_MOTION, replace(MOTION, asked_by_id=STEWARD.user_id), NOW
    )


def test_nobody_seconds_what_is_about_themselves():
    own = replace(MOTION, subject_uid=COORDINATOR.uid)
    assert not permits(COORDINATOR, Action.SECOND_MOTION, own, NOW)
    assert permits(STEWARD, Action.SECOND_MOTION, own, NOW)


def test_nobody_takes_an_alarm_about_themselves():
    own = replace(ALARM, about_id=COORDINATOR.user_id)
    assert permits(COORDINATOR, Action.TAKE_ALARM, ALARM, NOW)
    assert not permits(COORDINATOR, Action.TAKE_ALARM, own, NOW)
    assert permits(STEWARD, Action.TAKE_ALARM, own, NOW)


def test_what_the_whole_house_is_asked_any_coordinator_may_second():
    of_all = replace(MOTION, group_id=None)
    assert permits(COORDINATOR_ELSEWHERE, Action.SECOND_MOTION, of_all, NOW)
    assert not permits(COORDINATOR_ELSEWHERE, Action.SECOND_MOTION, MOTION, NOW)
    assert not permits(DRIVER, Action.SECOND_MOTION, of_all, NOW)


def test_while_the_service_is_frozen_coordinators_still_second_what_the_house_is_asked():
    of_all = replace(MOTION, group_id=None)
    frozen = replace(COORDINATOR, is_frozen=True)
    assert permits(frozen, Action.SECOND_MOTION, of_all, NOW)
    assert not permits(frozen, Action.SECOND_MOTION, MOTION, NOW)


@pytest.mark.parametrize("action", MAY)
def test_who_has_not_proven_or_set_up_everything_gets_no_further(action: Action):
    further = {Action.SIGN_OUT, Action.ENROL, Action.FINISH_SIGN_IN, Action.USE_RECOVERY_CODE}
    for standing in (Standing.HALF_IN, Standing.TO_ENROL):
        for who in (DRIVER, COORDINATOR, STEWARD):
            confined = replace(who, standing=standing)
            assert action in further or not may_ever(confined, action)
            assert action in further or not permits(confined, action, about(action), NOW)


@pytest.mark.parametrize(
    "action", [Action.READ_ADDRESS, Action.REVEAL_FAMILY, Action.MEET_FAMILY, Action.SEE_BOARD]
)
def test_while_the_service_is_frozen_nobody_sees_a_family(action: Action):
    for who in (DRIVER, COORDINATOR, STEWARD):
        frozen = replace(who, is_frozen=True)
        assert not may_ever(frozen, action)
        assert not permits(frozen, action, about(action), NOW)
    assert any(permits(who, action, about(action), NOW) for who in (DRIVER, COORDINATOR))


def test_whose_role_never_may_is_told_so():
    with pytest.raises(Forbidden, match="ride:change"):
        require(DRIVER, Action.CHANGE_RIDE, THING, NOW)


def test_who_may_but_not_this_thing_learns_nothing_of_it():
    with pytest.raises(NotFound, match="ride:change"):
        require(COORDINATOR, Action.CHANGE_RIDE, of_another(Action.CHANGE_RIDE), NOW)


def test_who_may_goes_on():
    require(COORDINATOR, Action.CHANGE_RIDE, THING, NOW)


def test_what_may_be_done_for_a_while_is_required_at_the_moment_of_asking():
    require(DRIVER, Action.MEET_FAMILY, RIDE, NOW)
    with pytest.raises(NotFound):
        require(DRIVER, Action.MEET_FAMILY, RIDE, RIDE.closes_at)


@pytest.mark.parametrize("action", MAY)
@pytest.mark.parametrize("who", [DRIVER, COORDINATOR, STEWARD, FAMILY])
def test_a_suspended_account_never_may_anything(action: Action, who: Actor):
    suspended = replace(who, is_active=False)
    assert not may_ever(suspended, action)
    with pytest.raises(Forbidden):
        require(suspended, action, about(action), NOW)


@pytest.mark.parametrize("action", MAY)
@pytest.mark.parametrize("who", PRINCIPALS)
def test_whoever_may_once_is_of_a_role_that_ever_may(action: Action, who: str):
    actor = PRINCIPALS[who]
    assert may_ever(actor, action) or not permits(actor, action, about(action), NOW)


def test_every_clause_lets_somebody_through_by_itself():
    idle = [
        (action.name, [predicate.__name__ for predicate in clause])
        for action, clauses in RULES.items()
        for clause in clauses
        if not any(
            all(predicate(actor, about(action), NOW) for predicate in clause)
            for actor in PRINCIPALS.values()
        )
    ]
    assert idle == []
