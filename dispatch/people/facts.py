"""What a group may choose, as values."""

import enum


class Claims(enum.Enum):
    """What a group's drivers may do about ways back that nobody has."""

    NONE = "none"
    """They do not see them."""
    ASK = "ask"
    """They raise the hand, and a coordinator decides."""
    TAKE = "take"
    """The ride is theirs, if nothing speaks against it."""
