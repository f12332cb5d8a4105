"""Two persons: what one asks for takes effect only when another says yes as well, in time.

A motion says what is asked (its matter), about what (a uid) and how exactly (facts: ids, numbers
and days, never a value that is somebody's). It lasts a while, is seconded once, and by somebody
else than who asked and whom it is about; the database refuses the same person too. Stewards may
second any motion, coordinators those of their own groups and those of the whole house.

A room that needs it, say for looser limits:

    LOOSEN = two_persons.register(Matter("limits:loosen", say=_say, carry_out=_carry_out))

    policy.require(actor, Action.CHANGE_LIMITS, group, now)          # who may ask is its own law
    two_persons.ask(session, actor, LOOSEN, subject_uid=group.uid, group=group,
                    facts={"reveals_hour": 20}, now=now)

Nothing has changed yet. The page of motions shows `say(session, motion)` to those who may second
it; `two_persons.second` calls `carry_out(session, actor, motion, now=...)` in the same transaction,
with the actor who seconds: an error there leaves the motion open. `group=None` asks the house.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Closed, Conflict, NotFound
from dispatch.i18n import gettext as _
from dispatch.people import sessions
from dispatch.people.models import Group, Motion
from dispatch.policy import Action, Actor, scopes

A_DAY = timedelta(hours=24)


class CarryOut(Protocol):
    """Does what was asked, now that two persons want it."""

    def __call__(self, session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
        """Change what the motion is about. `actor` is the second person."""
        ...


@dataclass(frozen=True)
class Matter:
    """A kind of thing that takes two persons."""

    name: str
    """As stored: "limits:loosen"."""
    say: Callable[[Session, Motion], str]
    """The sentence that the second person reads before saying yes."""
    carry_out: CarryOut
    lasts: timedelta = A_DAY
    """How long a motion waits for its second."""


_MATTERS: dict[str, Matter] = {}


def register(matter: Matter) -> Matter:
    """Make `matter` known; called once, where a room's module is loaded."""
    if matter.name in _MATTERS:
        raise ValueError(f"two matters are called {matter.name}")
    _MATTERS[matter.name] = matter
    return matter


def matter_of(motion: Motion) -> Matter:
    """What kind of thing `motion` asks for."""
    return _MATTERS[motion.matter]


def ask(
    session: Session,
    actor: Actor,
    matter: Matter,
    *,
    subject_uid: UUID,
    group: Group | None,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> Motion:
    """Ask for a second person; that `actor` may want the thing itself was decided by who calls.

    Raises
        NotFound, Forbidden: `actor` has no say in `group`, or is no steward or coordinator.
        Conflict: the same waits already, asked by somebody else or with other facts.
    """
    motion = Motion(
        matter=matter.name,
        subject_uid=subject_uid,
        group_id=group.id if group is not None else None,
        facts=dict(facts or {}),
        asked_by_id=actor.user_id,
        asked_at=now,
        expires_at=now + matter.lasts,
    )
    policy.require(actor, Action.ASK_FOR_SECOND, motion, now)
    session.execute(
        update(Motion)
        .where(
            Motion.matter == matter.name,
            Motion.subject_uid == subject_uid,
            Motion.seconded_at.is_(None),
            Motion.ended_at.is_(None),
            Motion.expires_at <= now,
        )
        .values(ended_at=Motion.expires_at)
    )
    try:
        with session.begin_nested():
            session.add(motion)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody asked for this before. It waits for a second person.")
        ) from error
    audit.record(session, actor, Action.ASK_FOR_SECOND, motion, now=now, group_uid=_uid_of(group))
    return motion


def second(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    """Say yes as the second person: what `motion` asks for is done in this transaction.

    Raises
        NotFound, Forbidden: it is not for `actor` to second; who asked never may.
        Closed: it was seconded or ended before, its time is over, or who asked for it may ask
            no more: a suspended account is no person.
    """
    policy.require(actor, Action.SECOND_MOTION, motion, now)
    session.refresh(motion.asked_by)
    first = sessions.actor_of(motion.asked_by, {})
    if not policy.permits(first, Action.ASK_FOR_SECOND, motion, now):
        raise Closed(_("Who asked for this may not ask any more. Nothing was changed."))
    _take(session, motion, now, seconded_by_id=actor.user_id, seconded_at=now)
    audit.record(
        session, actor, Action.SECOND_MOTION, motion, now=now, group_uid=_uid_of(motion.group)
    )
    matter_of(motion).carry_out(session, actor, motion, now=now)
    session.flush()


def end(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    """Say no, or take back what one asked for.

    Raises
        NotFound, Forbidden: it does not concern `actor`.
        Closed: it was seconded or ended before, or its time is over.
    """
    policy.require(actor, Action.END_MOTION, motion, now)
    _take(session, motion, now, ended_by_id=actor.user_id, ended_at=now)
    audit.record(
        session, actor, Action.END_MOTION, motion, now=now, group_uid=_uid_of(motion.group)
    )


def open_motions(session: Session, actor: Actor, *, now: datetime) -> list[Motion]:
    """What waits for a second person and concerns `actor`, the soonest to end first."""
    return list(
        session.scalars(
            select(Motion)
            .where(
                _concerns(actor),
                Motion.seconded_at.is_(None),
                Motion.ended_at.is_(None),
                Motion.expires_at > now,
            )
            .options(joinedload(Motion.asked_by), joinedload(Motion.group))
            .order_by(Motion.expires_at, Motion.id)
        )
    )


def count_for(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many motions wait for `actor` as the second person."""
    return sum(
        policy.permits(actor, Action.SECOND_MOTION, one, now)
        for one in open_motions(session, actor, now=now)
    )


def open_motion(
    session: Session, matter: Matter, subject_uid: UUID, *, now: datetime
) -> Motion | None:
    """The motion of `matter` about one thing that waits for its second, if there is one."""
    return session.scalars(
        select(Motion).where(
            Motion.matter == matter.name,
            Motion.subject_uid == subject_uid,
            Motion.seconded_at.is_(None),
            Motion.ended_at.is_(None),
            Motion.expires_at > now,
        )
    ).one_or_none()


def get_motion(session: Session, actor: Actor, uid: UUID) -> Motion:
    """The motion of this uid.

    Raises
        NotFound: there is none that concerns `actor`.
    """
    found = session.scalars(select(Motion).where(Motion.uid == uid, _concerns(actor))).one_or_none()
    if found is None:
        raise NotFound(Action.SEE_MOTIONS.value)
    return found


def _concerns(actor: Actor) -> ColumnElement[bool]:
    if actor.is_active and actor.is_steward:
        return true()
    of_the_house = Motion.group_id.is_(None) if actor.is_active and actor.coordinates else false()
    return or_(scopes.of_my_groups(actor, Motion.group_id), of_the_house)


def _take(session: Session, motion: Motion, now: datetime, **values: object) -> None:
    """Compare and set: of two who answer at once, one does."""
    done = session.execute(
        update(Motion)
        .where(
            Motion.id == motion.id,
            Motion.seconded_at.is_(None),
            Motion.ended_at.is_(None),
            Motion.expires_at > now,
        )
        .values(**values)
    )
    if done.rowcount != 1:
        raise Closed(_("This was answered before, or its time is over. Nothing was changed."))
    session.refresh(motion)


def _uid_of(group: Group | None) -> UUID | None:
    return group.uid if group is not None else None
