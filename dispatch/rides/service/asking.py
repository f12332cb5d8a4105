"""Submitting a request: checked, made into rides, stored with them or not at all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.errors import Conflict, NotFound, Refused
from dispatch.families.models import Family, FamilyState
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.places.looks import note_look
from dispatch.places.models import Place
from dispatch.policy import Action, Actor
from dispatch.rides import rules
from dispatch.rides.models import Leg, Request, ReturnKind, Ride, RideEvent, RideState
from dispatch.rides.rules import Asked


class RequestRefused(Refused):
    """What was asked cannot be; `by_field` has the sentences by the name of their field."""

    def __init__(self, by_field: dict[str, str]) -> None:
        super().__init__(*by_field.values())
        self.by_field = by_field


def submit(
    session: Session,
    actor: Actor,
    family: Family,
    asked: Asked,
    *,
    form_token: str,
    now: datetime,
) -> Request:
    """The request that `asked` makes, with all its rides; or the one that the same form made.

    Raises
        NotFound: the family is of another group, or a place is not the family's to use.
        RequestRefused: with a sentence for each field that cannot be.
        Conflict: the form was sent before, with other content.
    """
    policy.require(actor, Action.SUBMIT_REQUEST, family, now)
    _require_places(family, asked)
    known = _made_by(session, form_token)
    if known is not None:
        return _same(known, family, asked)
    if family.state is FamilyState.LEFT:
        raise RequestRefused({"family": _("This family asks for no more rides.")})
    group = session.get_one(Group, family.group_id)
    wrong = rules.mistakes(asked, zone=group.zone, most_seats=group.most_seats, now=now)
    if wrong:
        raise RequestRefused(wrong)
    request = _request(family, asked, form_token, actor, now)
    request.seal("sealed_notes", asked.notes, vault_of(session))
    request.rides = _rides(request, asked, group, actor, now)
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other one was first.
        first = _made_by(session, form_token)
        if first is None:
            raise
        return _same(first, family, asked)
    audit.record(
        session,
        actor,
        Action.SUBMIT_REQUEST,
        request,
        now=now,
        family_uid=family.uid,
        group_uid=group.uid,
    )
    return request


def read_note(session: Session, actor: Actor, request: Request, *, now: datetime) -> str:
    """The note for the driver, unsealed for a coordinator; the look is on record before.

    Raises
        Forbidden, NotFound: `actor` is no coordinator of the group.
    """
    uids: dict[str, UUID | None] = {"family_uid": request.family.uid}
    note_look(
        session, actor, Action.REVEAL_FAMILY, request, asked_about=request, uids=uids, now=now
    )
    return request.unseal("sealed_notes", vault_of(session)) or ""


def _require_places(family: Family, asked: Asked) -> None:
    for place in (asked.pickup, asked.dropoff):
        if not may_use(family, place):
            raise NotFound("place")


def may_use(family: Family, place: Place) -> bool:
    """Whether rides of `family` may begin or end at `place`: its own, or a public one."""
    return place.group_id == family.group_id and place.owner_uid in (None, family.uid)


def _made_by(session: Session, form_token: str) -> Request | None:
    return session.scalars(select(Request).where(Request.form_token == form_token)).one_or_none()


def _same(known: Request, family: Family, asked: Asked) -> Request:
    told = (known.family_id, known.first_on, known.last_on, known.purpose, known.return_kind)
    if told != (family.id, asked.on, asked.last_on, asked.purpose, asked.return_kind):
        raise Conflict(_("This form was sent before, as another request. Open a new one."))
    return known


def _request(family: Family, asked: Asked, form_token: str, actor: Actor, now: datetime) -> Request:
    return Request(
        group_id=family.group_id,
        family=family,
        made_by_id=actor.user_id,
        made_at=now,
        form_token=form_token,
        purpose=asked.purpose,
        return_kind=asked.return_kind,
        weekdays=sorted(asked.weekdays),
        first_on=asked.on,
        last_on=asked.last_on,
        except_on=sorted(day.isoformat() for day in asked.except_on),
    )


def _rides(request: Request, asked: Asked, group: Group, actor: Actor, now: datetime) -> list[Ride]:
    made: list[Ride] = []
    for plan in rules.planned(asked, group.zone):
        goes = plan.leg is Leg.OUTBOUND
        waits = asked.return_kind is ReturnKind.WAIT
        ride = Ride(
            group_id=group.id,
            family=request.family,
            leg=plan.leg,
            outbound=None if goes else made[-1],
            with_outbound=waits and not goes,
            service_on=plan.service_on,
            state=RideState.WILL_CALL if plan.window is None else RideState.OPEN,
            pickup_place=asked.pickup if goes else asked.dropoff,
            dropoff_place=asked.dropoff if goes else asked.pickup,
            anchor=plan.anchor,
            wait_minutes=asked.wait_minutes if waits and goes else 0,
            adults=asked.adults,
            children=asked.children,
            child_seats={kind: n for kind, n in asked.child_seats.items() if n},
            wheelchair=asked.wheelchair,
            language=asked.language,
            purpose=asked.purpose,
            priority=rules.priority(asked.purpose),
        )
        if plan.window is not None:
            ride.window_starts_at, ride.window_ends_at = plan.window
        ride.events = [RideEvent(at=now, before=None, after=ride.state, by_id=actor.user_id)]
        made.append(ride)
    return made
