"""The browser: the system's Chromium, driven by Playwright, which downloads none of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests import gaps

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_ITS_OWN = (
    "update.googleapis.com",
    "content-autofill.googleapis.com",
    "optimizationguide-pa.googleapis.com",
    "accounts.google.com",
    "redirector.gvt1.com",
)
"""Hosts that the browser asks for its own sake, whatever page is open: never asked here, so that
what a page asks for can be counted. Everything else is asked for as usual."""


def path() -> str | None:
    """Where the browser is, if there is one; the one without windows of its own is quicker."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def arguments() -> list[str]:
    """How it is started: quiet on the network, and as root without the sandbox it then lacks."""
    unasked = ", ".join(f"MAP {host} ~NOTFOUND" for host in _ITS_OWN)
    outside = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*_ARGUMENTS, f"--host-resolver-rules={unasked}", *outside]


def is_installed() -> bool:
    """Whether this machine has a browser."""
    return path() is not None


GROUP = gaps.declare(
    "browser", gaps.Group("browser", is_installed, "apt-get install chromium-headless-shell")
)


@contextmanager
def running() -> Iterator["Browser"]:
    """A Chromium, ended with the block."""
    from playwright.sync_api import sync_playwright  # a quarter of a second: only where needed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=arguments())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A running Chromium; each test opens a context of its own in it."""
    gaps.require(GROUP)
    with running() as browser:
        yield browser
