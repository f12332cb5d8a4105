"""A program on the leash ends with the process that started it."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from dispatch.places.roads import leash
from tests.dispatch.places.roads.edition import is_running, wait_until

OWNER = """
import subprocess, sys, time
from dispatch.places.roads import leash
child = subprocess.Popen(leash.command(["/bin/sleep", "60"]))
print(child.pid, flush=True)
time.sleep(60)
"""


def test_it_ends_when_its_owner_is_killed():
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        child = int(owner.stdout.readline())
        wait_until(lambda: Path(f"/proc/{child}/comm").read_text() == "sleep\n")
        owner.kill()
    wait_until(lambda: not is_running(child))


def test_it_is_not_begun_for_an_owner_that_is_gone_already():
    command = leash.command(["/bin/echo", "begun"])
    command[-3] = str(os.getpid() + 1)
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == ""


def test_a_crash_leaves_no_image_of_its_memory():
    asks = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    command = leash.command([sys.executable, "-c", asks])
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == "0\n"
    assert resource.getrlimit(resource.RLIMIT_CORE)[1] != 0, "nothing was shown by this"
