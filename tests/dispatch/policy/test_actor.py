"""Who is asking, and the word for it in the log."""

from dataclasses import replace

import pytest

from dispatch.policy import Actor
from tests.dispatch.policy.principals import COORDINATOR, DRIVER, HERE, MARTA, PRINCIPALS


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("anonymous", "anonymous"),
        ("driver", "driver"),
        ("coordinator", "coordinator"),
        ("steward", "steward"),
        ("system", "system"),
        ("suspended coordinator", "coordinator"),
    ],
)
def test_the_log_names_the_role(who: str, role: str):
    assert PRINCIPALS[who].role == role


def test_the_widest_role_is_named():
    assert replace(COORDINATOR, drives={HERE: MARTA}).role == "coordinator"
    assert replace(COORDINATOR, is_steward=True).role == "steward"


def test_a_person_may_drive_in_several_groups():
    assert replace(DRIVER, drives={1: 11, 2: 22}).driver_ids == {11, 22}


def test_nobody_is_a_driver_by_default():
    assert Actor(user_id=1, uid=None).driver_ids == frozenset()
