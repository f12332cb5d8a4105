"""What the web server loads: the application of the installation that the environment names."""

import gc

from flask import Flask

from dispatch import config
from dispatch.app import create_app
from dispatch.crypto import memory
from dispatch.places.here import gazetteer

_YOUNG = 50_000
"""Objects made between two looks for garbage. A board makes tens of thousands that are gone with
the request anyway, and looking through them every 700 takes a fifth of its time."""


def app() -> Flask:
    """The application."""
    memory.keep_to_itself()
    made = create_app(config.load())
    with made.app_context():
        gazetteer()  # its libraries load now, and not in front of the first who needs an address
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
    return made
