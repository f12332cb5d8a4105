"""What the web server loads: the application of the installation that the environment names."""

from flask import Flask

from dispatch import config
from dispatch.app import create_app


def app() -> Flask:
    """The application."""
    return create_app(config.load())
