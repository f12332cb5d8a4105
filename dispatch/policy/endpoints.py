"""The action of every endpoint: declared beside the view, checked before it runs."""

from collections.abc import Callable
from typing import TypeVar

from dispatch.policy.actions import Action

View = TypeVar("View", bound=Callable[..., object])

PUBLIC = frozenset(
    {
        "static",
        "health",
        "people.sign_in",
        "own.enter",
        "about.privacy",
        "about.robots",
        "about.security_contact",
        "feeds.rides",
        "people.ask_device",
        "people.open_invitation",
        "people.choose_language",
        "people.lock",
    }
)
"""The endpoints that need no account. A literal list on purpose; a test counts it."""


class UndeclaredEndpoint(Exception):
    """A view without an action: the application does not start with one."""


def needs(action: Action, *, fresh: bool = False) -> Callable[[View], View]:
    """Declare what a view does. The role is checked before it, the object by its service.

    `fresh`: whoever did not prove lately who they are is asked again first.
    """

    def declare(view: View) -> View:
        view.action = action
        view.is_fresh_wanted = fresh
        return view

    return declare


def wants_fresh(view: Callable[..., object]) -> bool:
    """Whether `view` declared that it takes a proof of lately."""
    return getattr(view, "is_fresh_wanted", False)


def action_of(view: Callable[..., object]) -> Action | None:
    """The action that `view` declared."""
    return getattr(view, "action", None)
