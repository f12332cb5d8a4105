"""A family takes its consent back: no more rides, no open door, and its erasure begins."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.families.models import Family, FamilyState
from dispatch.i18n import gettext as _
from dispatch.people import alarms
from dispatch.people.models import Alarm
from dispatch.planning import service as planning
from dispatch.policy import Action, Actor
from dispatch.visits.service.codes import revoke_open


def _say_withdrew(_session: Session, alarm: Alarm) -> str:
    return _(
        "Family %(number)s has withdrawn. Its rides are cancelled and it is erased.",
        number=alarm.facts["number"],
    )


WITHDREW = alarms.register(alarms.Kind("own-page:withdrew", say=_say_withdrew))


def withdraw(session: Session, actor: Actor, family: Family, *, now: datetime) -> None:
    """Close `family` for good: rides to come are cancelled, every grant ends now, codes end.

    Its phones keep the page, which says from then on only that it withdrew and when it is erased.
    """
    policy.require(actor, Action.WITHDRAW_FAMILY, family, now)
    session.refresh(family, attribute_names=["withdrawn_at"], with_for_update=True)
    if family.withdrawn_at is not None:
        return
    planning.end_rides(session, actor, family, now)
    revoke_open(session, family, now=now)
    family.withdrawn_at, family.state = now, FamilyState.LEFT
    family.version += 1
    session.flush()
    audit.record(session, actor, Action.WITHDRAW_FAMILY, family, now=now, family_uid=family.uid)
    alarms.raise_alarm(
        session,
        WITHDREW,
        group_id=family.group_id,
        about_id=actor.user_id,
        once=f"own-page:withdrew:{family.uid}",
        facts={"number": family.number},
        now=now,
    )
