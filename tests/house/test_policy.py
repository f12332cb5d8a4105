"""The law is complete, and equal to the table that people have read."""

from dispatch.policy import Action
from dispatch.policy import predicates as p
from dispatch.policy.actions import SENTENCES
from dispatch.policy.rules import _ROLE_OF, RULES
from tests.dispatch.policy.principals import PRINCIPALS
from tests.dispatch.policy.test_rules import MAY
from tests.house import roles

BARRED = ("anonymous", "suspended")
"""How the names of principals begin who may do nothing at all."""


def test_every_action_has_a_rule_and_a_sentence():
    assert set(RULES) == set(Action)
    assert set(SENTENCES) == set(Action)


def test_no_rule_is_empty_or_has_an_empty_clause():
    assert all(clauses and all(clauses) for clauses in RULES.values())


def test_every_predicate_of_a_rule_says_whose_role_it_is():
    used = {predicate for clauses in RULES.values() for clause in clauses for predicate in clause}
    assert used <= set(_ROLE_OF)
    assert {predicate.__module__ for predicate in used} == {p.__name__}


def test_every_rule_is_tested_with_a_yes_and_a_no():
    assert set(MAY) == set(Action)
    assert all(set(may) < set(PRINCIPALS) and may for may in MAY.values())


def test_the_table_of_roles_is_the_one_that_was_read():
    """After a change of the law, read what changes, then run `python -m tests.house.roles`."""
    written = roles.TABLE.read_text()
    now = roles.read(roles.table())
    differences = {
        cell: (answer, now.get(cell))
        for cell, answer in roles.read(written).items()
        if now.get(cell) != answer
    }
    assert differences == {}
    assert written == roles.table()


def test_nobody_who_is_suspended_or_unknown_may_do_anything():
    cells = roles.read(roles.TABLE.read_text())
    assert {answer for (_action, who), answer in cells.items() if who.split()[0] in BARRED} == {
        roles.NEVER
    }
    assert len(cells) == len(Action) * len(PRINCIPALS)
