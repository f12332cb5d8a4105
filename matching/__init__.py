"""Who could drive whom: a day of rides and shifts in, a plan with its proof out.

A library and a command line of its own. It knows seconds, seats and opaque ids, and nothing of
names, addresses or dates. Importing it loads no solver; `solve` does, when it is called.
"""

from matching.problem import NO_ROAD, InvalidProblem, Problem, Ride, Shift
from matching.solution import (
    Bound,
    Kind,
    Objective,
    Progress,
    Reason,
    Relaxation,
    Route,
    Solution,
    Stop,
    Unserved,
)
from matching.solving import LocksClash, PlanWrong, solve

__all__ = [
    "NO_ROAD",
    "Bound",
    "InvalidProblem",
    "Kind",
    "LocksClash",
    "Objective",
    "PlanWrong",
    "Problem",
    "Progress",
    "Reason",
    "Relaxation",
    "Ride",
    "Route",
    "Shift",
    "Solution",
    "Stop",
    "Unserved",
    "solve",
]
