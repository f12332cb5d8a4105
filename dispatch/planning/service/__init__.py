"""Use cases: runs of the matcher, offers to drivers, the ride itself, and looking at an address."""

from dispatch.planning.service.answering import accept, decline_offer, note_seen
from dispatch.planning.service.approving import Bulk, approve, approve_many, decline_proposal
from dispatch.planning.service.assigning import assign
from dispatch.planning.service.closing import let_go
from dispatch.planning.service.correcting import correct_driven
from dispatch.planning.service.driving import (
    mark_ready,
    may_arrive_at,
    may_go_on,
    report_progress,
)
from dispatch.planning.service.dropping_out import drop_out, held_on
from dispatch.planning.service.leaving import end_rides
from dispatch.planning.service.looking import Shown, look, read_phone, where_next
from dispatch.planning.service.pairs import MOVABLE, pair_of, without_rides
from dispatch.planning.service.releasing import (
    cancel_ride,
    cancel_together,
    change_window,
    release,
)
from dispatch.planning.service.runs import start_run, stop_run
from dispatch.planning.service.tapping import Told, count_once
from dispatch.planning.service.troubles import take_back_trouble, tell_trouble
from dispatch.planning.service.undoing import undo_decline, undo_offers

__all__ = [
    "MOVABLE",
    "Bulk",
    "Shown",
    "Told",
    "accept",
    "approve",
    "approve_many",
    "assign",
    "cancel_ride",
    "cancel_together",
    "change_window",
    "correct_driven",
    "count_once",
    "decline_offer",
    "decline_proposal",
    "drop_out",
    "end_rides",
    "held_on",
    "let_go",
    "look",
    "mark_ready",
    "may_arrive_at",
    "may_go_on",
    "note_seen",
    "pair_of",
    "read_phone",
    "release",
    "report_progress",
    "start_run",
    "stop_run",
    "take_back_trouble",
    "tell_trouble",
    "undo_decline",
    "undo_offers",
    "where_next",
    "without_rides",
]
