"""How long a search may go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """A deadline and a question whether to stop; a class because all phases share it."""

    deadline: float
    """On `time.monotonic`'s scale."""
    should_stop: Callable[[], bool] | None = None
    stopped: bool = field(default=False)

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def is_over(self) -> bool:
        """Whether time is up or somebody asked to stop."""
        if not self.stopped:
            asked = self.should_stop is not None and self.should_stop()
            self.stopped = asked or self.left() <= 0
        return self.stopped

    def within(self, seconds: float) -> Clock:
        """A clock for a part of the work that may take at most so long."""
        deadline = min(self.deadline, time.monotonic() + seconds)
        return Clock(deadline, self.should_stop, self.stopped)
