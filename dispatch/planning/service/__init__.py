"""Use cases: runs of the matcher, offers to drivers, the ride itself, and looking at an address."""

from dispatch.planning.service.driving import mark_ready, report_progress
from dispatch.planning.service.looking import Shown, look
from dispatch.planning.service.offers import (
    accept,
    approve,
    approve_many,
    assign,
    cancel_ride,
    change_window,
    decline_offer,
    decline_proposal,
    pair_of,
    release,
    without_rides,
)
from dispatch.planning.service.runs import start_run, stop_run

__all__ = [
    "Shown",
    "accept",
    "approve",
    "approve_many",
    "assign",
    "cancel_ride",
    "change_window",
    "decline_offer",
    "decline_proposal",
    "look",
    "mark_ready",
    "pair_of",
    "release",
    "report_progress",
    "start_run",
    "stop_run",
    "without_rides",
]
