"""Every role that the log knows has its word."""

from dispatch.log.words import ROLE_WORDS
from tests.dispatch.policy.principals import PRINCIPALS


def test_every_role_is_said():
    assert {actor.role for actor in PRINCIPALS.values()} <= set(ROLE_WORDS)
