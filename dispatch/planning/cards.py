"""How far a match run is, as a card on the board and in its own answers shows it."""

from typing import Any
from zoneinfo import ZoneInfo

from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_time
from dispatch.places.roads import Basis
from dispatch.places.roads.words import basis_sentence
from dispatch.planning.models import MatchRun, RunState
from dispatch.planning.reasons import failure_sentence


def run_card(run: MatchRun, zone: ZoneInfo, *, limit: int) -> dict[str, object]:
    """A run as the template shows it; `limit` is how many seconds the matcher may take."""
    result, progress = run.result, run.progress
    return {
        "state": _state(run),
        "served": result.get("served", progress.get("served", 0)),
        "total": result.get("rides", progress.get("rides", 0)),
        "possible": result.get("possible", progress.get("possible")),
        "proven": bool(result.get("proven")),
        "seconds": round(progress.get("seconds", 0)),
        "limit": limit,
        "notes": _notes(run, zone),
    }


def _state(run: MatchRun) -> str:
    was_cut_short = run.state is RunState.DONE and run.stop_asked and not run.result.get("proven")
    if run.state is RunState.CANCELLED or was_cut_short:
        return "stopped"
    return run.state.value


def _notes_of_roads(result: dict[str, Any]) -> list[str]:
    """What the driving times stand on, and who could not be reached by road."""
    # A run of before the basis was noted knows only whether it was an estimate.
    basis = Basis(result.get("basis") or ("no_map" if result.get("estimate") else "road_map"))
    notes = [basis_sentence(basis)]
    if cut_off := result.get("cut_off"):
        notes.append(
            ngettext(
                "One driver starts or ends too far from any road of the map to get a ride.",
                "%(num)s drivers start or end too far from any road of the map to get a ride.",
                cut_off,
            )
        )
    return notes


def _notes(run: MatchRun, zone: ZoneInfo) -> list[str]:
    notes: list[str] = []
    result = run.result
    if run.state is RunState.FAILED and run.failure:
        notes.append(failure_sentence(run.failure))
    if result:
        notes += _notes_of_roads(result)
    if result and not result["proven"] and result["gap"] is not None:
        percent = round(result["gap"] * 100, 1)
        notes.append(_("Driving at most %(percent)s %% above the least possible.", percent=percent))
    if result:
        notes.append(_("Ended at %(time)s.", time=say_time(run.ended_at, zone)))
    return notes
