"""A process that holds what is open leaves no core file."""

import subprocess
import sys

from tests.house.sources import ROOT

SCRIPT = """
import os, resource, signal, sys
from dispatch.crypto import memory
print(memory.keep_to_itself(), resource.getrlimit(resource.RLIMIT_CORE), flush=True)
"""


def test_a_process_leaves_no_core_file_and_cannot_be_traced():
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == f"{sys.platform == 'linux'} (0, 0)"
