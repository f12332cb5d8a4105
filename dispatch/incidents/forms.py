"""What a coordinator writes down of an incident, and what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.i18n import gettext as _
from dispatch.incidents.models import IncidentKind, Told

MOST_NOTE = 2_000
"""Characters."""


@dataclass(frozen=True)
class Written:
    """An incident as it was written down."""

    kind: IncidentKind
    note: str
    told: list[Told]


def parse_incident(
    form: Mapping[str, str], told: Iterable[str]
) -> tuple[Written | None, dict[str, str]]:
    """The form; `told` is what was ticked."""
    errors: dict[str, str] = {}
    kinds = {one.value: one for one in IncidentKind}
    kind = kinds.get(form.get("kind", ""))
    if kind is None:
        errors["kind"] = _("Choose what happened.")
    note = form.get("note", "").strip()
    if not note:
        errors["note"] = _("Say in a sentence what happened.")
    elif len(note) > MOST_NOTE:
        errors["note"] = _("Use %(num)s characters or fewer.", num=MOST_NOTE)
    if kind is None or errors:
        return None, errors
    chosen = set(told)
    return Written(kind, note, [one for one in Told if one.value in chosen]), errors
