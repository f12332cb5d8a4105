"""Who may do what: actors, actions, predicates, one table of rules, and the same as SQL scopes."""

from dispatch.policy.actions import Action
from dispatch.policy.actor import Actor, Standing
from dispatch.policy.rules import may_ever, permits, require

__all__ = ["Action", "Actor", "Standing", "may_ever", "permits", "require"]
