"""What can go wrong, as nouns of the domain, and what each looks like to a person.

    DispatchError
    ├── NotFound         404  it is not there, or you may not know that it is
    ├── Forbidden        403  a known page that this role does not have
    ├── Refused          422  a rule says no; carries the sentences to show
    ├── Conflict         409  somebody else was first, or what you saw has changed
    │   └── Stale        409  the form was made from an older state
    ├── Frozen           503  a steward shut the service for a while
    ├── TooMany          429  a limit was reached; carries seconds to wait
    └── Closed           410  it existed and is over (a used invitation, an ended offer)

Errors carry ids and sentences, never personal data. One handler (in `dispatch/web.py`) turns the
class into a status and a page.
"""


class DispatchError(Exception):
    """The root of everything that services raise on purpose."""

    status = 500


class NotFound(DispatchError):
    """The object does not exist, or the asker may not know that it does."""

    status = 404


class Forbidden(DispatchError):
    """The asker's role does not have this function at all."""

    status = 403


class Refused(DispatchError):
    """A rule says no. `reasons` are sentences for the person who asked."""

    status = 422

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)

    @property
    def sentence(self) -> str:
        """All reasons, one after the other."""
        return " ".join(self.reasons)


class Conflict(DispatchError):
    """Somebody else was first. `sentence` says who did what, and that nothing was overwritten."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Stale(Conflict):
    """What the person saw is older than what is stored now."""


class Frozen(DispatchError):
    """A steward shut the service: nothing is lost, and nothing is shown."""

    status = 503


class TooMany(DispatchError):
    """A limit was reached; `seconds` until it is worth trying again."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Closed(DispatchError):
    """It was there and is over: a used invitation, an offer that went to somebody else."""

    status = 410

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
