"""What a driver may tell the desk is wrong, in words for the phone and for the desk."""

from collections.abc import Iterable
from datetime import date

from babel.support import LazyProxy
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.people.models import Alarm, Group
from dispatch.planning.models import Assignment, Trouble, TroubleKind
from dispatch.policy import Actor
from dispatch.policy.scopes import of_my_groups
from dispatch.rides.models import Ride, RideState

LONGEST_DELAY = 30
"""Minutes: whoever is later than this says so, and by how much is for the desk to ask."""
DELAYS = (10, 20, LONGEST_DELAY)
WORDS: dict[TroubleKind, LazyProxy] = {
    TroubleKind.CAR: _l("Car trouble"),
    TroubleKind.NOBODY: _l("Nobody there"),
    TroubleKind.FAMILY: _l("The family needs something"),
    TroubleKind.UNSAFE: _l("Accident, or not safe"),
    TroubleKind.OTHER: _l("Something else"),
}


def delays() -> list[tuple[str, str]]:
    """How late a driver may say to be: a code, and words."""
    return [(f"{TroubleKind.LATE.value}-{by}", say_delay(by)) for by in DELAYS]


def choices(state: RideState) -> list[tuple[str, str]]:
    """What a driver may tap about a ride in `state`: a code, and words."""
    found = delays() if state is RideState.ACCEPTED else []
    kinds = [kind for kind in WORDS if state is not RideState.ACCEPTED or kind in _ON_THE_WAY]
    return found + [(kind.value, str(WORDS[kind])) for kind in kinds]


_ON_THE_WAY = frozenset({TroubleKind.CAR, TroubleKind.UNSAFE, TroubleKind.OTHER})


def parse(code: str) -> tuple[TroubleKind, int] | None:
    """The kind, and the minutes of a delay, behind a code of `choices`; None if it is none."""
    kind, _dash, by = code.partition("-")
    if kind == TroubleKind.LATE.value:
        known = {str(one): one for one in DELAYS}
        return (TroubleKind.LATE, known[by]) if by in known else None
    return (TroubleKind(kind), 0) if not by and kind in {one.value for one in WORDS} else None


def say_delay(minutes: int) -> str:
    """A delay as its driver tells it."""
    if minutes >= LONGEST_DELAY:
        return _("%(minutes)s min late, or more", minutes=minutes)
    return _("%(minutes)s min late", minutes=minutes)


def say_short(trouble: Trouble) -> str:
    """What was told, in the words of the button."""
    if trouble.kind is TroubleKind.LATE:
        return say_delay(trouble.delay_minutes)
    return str(WORDS[trouble.kind])


def sentence(kind: TroubleKind, minutes: int, number: str) -> str:
    """What was told, for the desk; `number` is the family's."""
    if kind is TroubleKind.LATE and minutes >= LONGEST_DELAY:
        words = {"number": number, "minutes": minutes}
        return _("%(number)s: the driver is %(minutes)s minutes late, or more.", **words)
    return {
        TroubleKind.LATE: _(
            "%(number)s: the driver is about %(minutes)s minutes late.",
            number=number,
            minutes=minutes,
        ),
        TroubleKind.CAR: _("%(number)s: the driver has trouble with the car.", number=number),
        TroubleKind.NOBODY: _("%(number)s: the driver is there, and nobody comes.", number=number),
        TroubleKind.FAMILY: _("%(number)s: the family needs something.", number=number),
        TroubleKind.UNSAFE: _(
            "%(number)s: an accident, or somebody is not safe. Call the driver now.", number=number
        ),
        TroubleKind.OTHER: _("%(number)s: the driver has to talk to the desk.", number=number),
    }[kind]


def open_on(session: Session, actor: Actor, group: Group, day: date) -> list[Trouble]:
    """What drivers told of the rides of `day` and nobody has taken yet, the newest first."""
    chosen = (
        select(Trouble)
        .join(Trouble.assignment)
        .join(Assignment.ride)
        .join(Trouble.alarm)
        .where(
            of_my_groups(actor, Assignment.group_id),
            Assignment.group_id == group.id,
            Ride.service_on == day,
            Alarm.taken_at.is_(None),
            Trouble.taken_back_at.is_(None),
        )
        .options(
            contains_eager(Trouble.assignment).options(
                contains_eager(Assignment.ride).joinedload(Ride.family),
                joinedload(Assignment.driver),
            ),
            contains_eager(Trouble.alarm),
        )
        .order_by(Trouble.id.desc())
    )
    return list(session.scalars(chosen))


def told_of(session: Session, assignments: Iterable[Assignment]) -> dict[int, Trouble]:
    """The latest thing told of each of `assignments` and not taken back, by their ids."""
    ids = [one.id for one in assignments]
    chosen = select(Trouble).where(Trouble.assignment_id.in_(ids), Trouble.taken_back_at.is_(None))
    return {one.assignment_id: one for one in session.scalars(chosen.order_by(Trouble.id))}
