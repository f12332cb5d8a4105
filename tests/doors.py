"""Coming in as people do: a password, a device, a code; without a browser."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dispatch.people.factors import apps
from dispatch.people.factors.models import AuthenticatorApp, Passkey
from dispatch.people.models import User
from tests.device import Device


def password_in(client: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    """Type e-mail and password at the door."""
    return client.post("/signin", data={"email": email, "password": password, **more})


def ask(client: FlaskClient, purpose: str = "proof") -> str:
    """What the browser is to ask a device."""
    return client.post("/passkeys/challenge", data={"purpose": purpose}).text


def enrol(client: FlaskClient, device: Device) -> TestResponse:
    """Let `device` make a passkey for who is signed in."""
    answer = device.make(ask(client, "new"))
    return client.post("/enrol/passkey", data={"credential": answer})


def passkey_in(client: FlaskClient, device: Device, address: str = "/signin") -> TestResponse:
    """Come in, or go on, by `device`."""
    return client.post(address, data={"credential": device.prove(ask(client))})


def a_passkey(session: Session, user: User, now: datetime) -> Device:
    """A device with a passkey of `user`, set up before."""
    device = Device()
    session.add(
        Passkey(
            user=user,
            credential=device.credential,
            public_key=device.public_key(),
            label="Chrome",
            made_at=now,
        )
    )
    session.flush()
    return device


def an_app(session: Session, user: User, now: datetime) -> str:
    """The secret of an app of `user`, set up before."""
    app: AuthenticatorApp = apps.begin(session, user, now=now)
    app.confirmed_at = now
    session.flush()
    return apps.secret_of(session, app)
