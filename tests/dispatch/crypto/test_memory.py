"""A process that holds what is open leaves no core file."""

import ctypes
import resource
import sys

import pytest

from dispatch.crypto import memory
from tests.prove.children import Say, said_by

IS_LINUX = sys.platform == "linux"
_PR_GET_DUMPABLE = 3


def _keep_and_tell(say: Say) -> None:
    said = memory.keep_to_itself()
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    say(f"{said} {limits} {ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE) if IS_LINUX else 0}")


def test_a_process_leaves_no_core_file_and_cannot_be_traced(monkeypatch: pytest.MonkeyPatch):
    assert said_by(_keep_and_tell) == [f"{IS_LINUX} (0, 0) 0"]
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: limits.append(limit))
    monkeypatch.setattr(sys, "platform", "another")
    assert memory.keep_to_itself() is False
    assert limits == [(resource.RLIMIT_CORE, (0, 0))]
