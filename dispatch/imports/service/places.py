"""Public places of a sheet: new ones saved, branches of one name told apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import i18n
from dispatch.i18n import gettext as _
from dispatch.imports import queries, rules
from dispatch.imports.reading.known import PlaceRow, Point, read_places
from dispatch.imports.reading.outcome import Note, NoteKind, Problem, Taken
from dispatch.imports.reading.placenames import name_key
from dispatch.imports.reading.tables import Table
from dispatch.imports.report import RowReport, RowState
from dispatch.imports.rules import LookAtPin
from dispatch.people.models import Group
from dispatch.places import service
from dispatch.places.models import PlaceKind
from dispatch.policy import Actor

MOST_NAME = 120
_NEIGHBOURS = 8
"""How many places nearby are tried for a name of a branch."""


@dataclass(frozen=True)
class PlannedPlace:
    """A row, and what its place will be called."""

    report: RowReport
    row: PlaceRow | None
    name: str = ""

    def carry_out(self, session: Session, actor: Actor, *, group: Group, now: datetime) -> None:
        """Save the place if it is new."""
        if self.row is None or self.report.state is not RowState.TAKEN:
            return
        service.save_public(
            session,
            actor,
            group=group,
            kind=rules.kind_of_place(self.row.kind) or PlaceKind.OTHER,
            name=self.name,
            address=self.row.address,
            point=(self.row.point.lat, self.row.point.lon),
            far_is_meant=True,  # the plan has held it against the whole sheet
            now=now,
        )


def plan(
    session: Session, group: Group, table: Table, _now: datetime, look_at_pin: LookAtPin
) -> Sequence[PlannedPlace]:
    """What each row of public places would do."""
    book = queries.book_of(session, group)
    outcomes = read_places(table)
    read = [one for one in outcomes if isinstance(one, Taken)]
    known = [row for row, _place in book.places]
    middle = rules.middle_of([*(row.point for row in known), *(one.value.point for one in read)])
    planned: list[PlannedPlace] = []
    for one in outcomes:
        if not isinstance(one, Taken):
            report = RowReport(one.number, RowState.REFUSED, problems=one.problems)
            planned.append(PlannedPlace(report, None))
            continue
        planned.append(_plan(one, known, middle, look_at_pin))
        if planned[-1].report.state is RowState.TAKEN:
            known.append(one.value)
    with i18n.speaking(group.language):  # what is stored speaks to everybody, not to this person
        return _named(planned, known, {place.shown_as for _row, place in book.places})


def _plan(
    one: Taken[PlaceRow],
    known: Sequence[PlaceRow],
    middle: Point | None,
    look_at_pin: LookAtPin,
) -> PlannedPlace:
    """What a row that was read would do, after `known` ones and with most others at `middle`."""
    state, remark = _held_against(one.value, known, middle)
    if rules.is_swapped(one.value.point, middle, look_at_pin):
        state, remark = RowState.REFUSED, _("Latitude and longitude look swapped.")
    report = RowReport(one.number, state, one.value.name)
    if state is RowState.REFUSED:
        report = replace(report, problems=(Problem(remark),))
    elif state is RowState.KNOWN:
        report = replace(report, notes=(Note(NoteKind.READ, remark),) if remark else ())
    else:
        doubts = rules.doubts_of(one.value.point, look_at_pin)
        report = replace(report, notes=(*one.notes, *_kind_note(one.value), *doubts))
    return PlannedPlace(report, one.value)


def _held_against(
    row: PlaceRow, known: Iterable[PlaceRow], middle: Point | None
) -> tuple[RowState, str]:
    if len(row.name) > MOST_NAME:
        return RowState.REFUSED, _("The name has more than %(most)s characters.", most=MOST_NAME)
    if rules.is_astray(row.point, middle):
        return RowState.REFUSED, _(
            "This is %(km)s km from where the other places are; mend the point.",
            km=round(rules.metres_between(row.point, middle or row.point) / 1000),
        )
    same = [one for one in known if name_key(one.name) == name_key(row.name)]
    nearest = min((rules.metres_between(one.point, row.point) for one in same), default=None)
    if nearest is None or nearest > rules.ONE_PLACE_METRES:
        return RowState.TAKEN, ""
    if nearest < 1:
        return RowState.KNOWN, ""
    return RowState.KNOWN, _(
        "A place of this name is %(metres)s m away; taken as the same.", metres=round(nearest)
    )


def _kind_note(row: PlaceRow) -> tuple[Note, ...]:
    if not row.kind or rules.kind_of_place(row.kind) is not None:
        return ()
    sentence = _("%(kind)s is no known kind of place; taken as other.", kind=row.kind)
    return (Note(NoteKind.READ, sentence, "kind"),)


def _named(
    planned: Sequence[PlannedPlace], known: Sequence[PlaceRow], taken: set[str]
) -> list[PlannedPlace]:
    """Give each new place a name of its own: branches say their street, or what they are near."""
    branches = Counter(name_key(one.name) for one in known)
    used = {name.lower() for name in taken}
    named = []
    for one in planned:
        if one.row is None or one.report.state is not RowState.TAKEN:
            named.append(one)
            continue
        wanted = _names(one.row, known, branches)
        name = next(name for name in wanted if name.lower() not in used)
        used.add(name.lower())
        named.append(replace(one, name=name, report=replace(one.report, what=name)))
    return named


def _names(row: PlaceRow, known: Sequence[PlaceRow], branches: Counter[str]) -> list[str]:
    """What the place may be called, the best first."""
    own = [row.name] if branches[name_key(row.name)] == 1 else []
    alone = [one for one in known if branches[name_key(one.name)] == 1]
    nearest = sorted((rules.metres_between(row.point, one.point), one.name) for one in alone)
    names = own + rules.branch_names(
        row.name, row.address, [name for _metres, name in nearest[:_NEIGHBOURS]]
    )
    return [name[:MOST_NAME] for name in names] + [
        f"{row.name[: MOST_NAME - 6]} ({number})" for number in range(2, 1000)
    ]
