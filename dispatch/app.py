"""The application: settings in, app out. The only place where the rooms are wired together."""

from pathlib import Path

from flask import Blueprint, Flask, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import make_url, text
from werkzeug.middleware.proxy_fix import ProxyFix

from dispatch import schema
from dispatch.about import views as about
from dispatch.board import views as board
from dispatch.claims import views as claims
from dispatch.config import Settings
from dispatch.crypto.anchors import Anchors
from dispatch.crypto.keyring import BadKeyring, KeyFile, KeyProvider
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.transit import Transit
from dispatch.crypto.vault import Vault
from dispatch.db.engine import make_engine
from dispatch.db.transactions import ANCHORS, Database
from dispatch.drivers import queries as drivers_queries
from dispatch.drivers import views as drivers
from dispatch.erasing import views as erasing
from dispatch.families import views as families
from dispatch.feeds import views as feeds
from dispatch.glass import views as glass
from dispatch.incidents import views as incidents
from dispatch.jobs import Jobs
from dispatch.log import views as log
from dispatch.notify import views as notify
from dispatch.notify.channels import CHANNELS, MAIL, PUSH, SMS
from dispatch.numbers import views as numbers
from dispatch.people import guard
from dispatch.people import views as people
from dispatch.places import views as places
from dispatch.places.basemap import views as basemap
from dispatch.places.cells import GRID
from dispatch.places.gazetteer.store import path_in
from dispatch.places.grid import CellsOfMap
from dispatch.places.here import ROADS
from dispatch.places.limits import EXPECTS
from dispatch.places.roads import ByRoad
from dispatch.planning import views as planning
from dispatch.planning.queries import expected_families
from dispatch.planning.service.moving_home import follow_home
from dispatch.planning.service.runs import Enqueue
from dispatch.planning.views.blueprint import ENQUEUE
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import views as rides
from dispatch.visits import guard as own_door
from dispatch.visits import views as visits
from dispatch.web import (
    compression,
    context,
    errors,
    headers,
    navigation,
    origin,
    render,
    transactions,
)

MOST_BYTES = 1_000_000
"""The largest form: a long note in any script, with room."""
BLUEPRINTS: tuple[Blueprint, ...] = (
    people.blueprint,
    families.blueprint,
    drivers.blueprint,
    places.blueprint,
    basemap.blueprint,
    rides.blueprint,
    planning.blueprint,
    claims.blueprint,
    incidents.blueprint,
    board.blueprint,
    notify.blueprint,
    feeds.blueprint,
    erasing.blueprint,
    numbers.blueprint,
    visits.desk_blueprint,
    visits.own_blueprint,
    about.blueprint,
    glass.blueprint,
    log.blueprint,
)


def is_new(settings: Settings) -> bool:
    """Whether nothing was ever kept in the data directory of `settings`."""
    file = make_url(settings.database_url).database
    on_sqlite = settings.database_url.startswith("sqlite")
    has_data = on_sqlite and file is not None and Path(file).exists()
    return not settings.key_store_file.exists() and not has_data


def master_keys(settings: Settings) -> KeyProvider:
    """Who wraps the keys of families and people: the key file, or the key server with what the
    file wrapped before.

    Raises
        BadKeyring: the file cannot be read, or the server not be asked.
    """
    if settings.key_server is None:
        return KeyFile(settings.master_key_file)
    has_file = settings.master_key_file.exists()
    return Transit(settings.key_server, KeyFile(settings.master_key_file) if has_file else None)


def open_database(settings: Settings) -> Database:
    """The database of `settings` with its vault.

    Raises
        BadKeyring: the master key is missing or readable by others, its server cannot be asked,
            or the key store is gone: a new one would seal what the lost one cannot open beside
            it, and start another log.
    """
    schema.metadata()
    is_lost = not settings.key_store_file.exists() and not is_new(settings)
    if is_lost or (is_new(settings) and settings.anchors_file.exists()):
        raise BadKeyring(
            f"The key store {settings.key_store_file} is missing, though there were keys in it. "
            "Put it back from its backup: python3 -m dispatch restore"
        )
    keys = KeyStore(settings.key_store_file, master_keys(settings))
    keys.index_key()  # made at the very first: every later copy of the store proves the same lines
    vault = Vault(keys)
    anchors = Anchors(settings.anchors_file, lambda: vault.derive_key("anchors"))
    keys.destroy_marked(anchors.marks())  # a store that was put back forgets again
    known = {
        GRID: CellsOfMap(path_in(settings.data_dir)),
        EXPECTS: expected_families,
        ANCHORS: anchors,
        CHANNELS: channels_of(settings),
    }
    return Database(make_engine(settings.database_url), vault, known)


def channels_of(settings: Settings) -> tuple[str, ...]:
    """What carries messages out of this house, in the order in which the channels are tried."""
    named = {MAIL: settings.mail, PUSH: settings.push, SMS: settings.sms}
    return tuple(name for name, server in named.items() if server is not None)


def create_app(
    settings: Settings, *, database: Database | None = None, enqueue: Enqueue | None = None
) -> Flask:
    """The application. Refuses to start when an endpoint declares no action.

    `enqueue` wakes a worker for a match run; the queue of `settings` unless a test hands one in.
    """
    app = Flask("dispatch", static_folder=str(render.STATIC), template_folder=str(render.TEMPLATES))
    database = database or open_database(settings)
    app.extensions[families.FOLLOW] = follow_home
    app.extensions[ROADS] = ByRoad(settings)
    app.extensions[ENQUEUE] = enqueue or Jobs(settings, database).enqueue
    app.config.update(
        **_signing(database.vault, settings.forms_secret),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        SESSION_COOKIE_NAME="__Host-forms" if settings.secure else "forms",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=settings.trusted_hosts,
        TESTING=settings.testing,
        DISPATCH=settings,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
    transactions.init_app(app, database)
    headers.init_app(app, secure=settings.secure, onion=settings.onion)
    compression.init_app(app)
    errors.init_app(app, home=navigation.home)
    origin.init_app(app)
    own_door.init_app(app, secure=settings.secure)
    guard.init_app(
        app,
        drivers_of=drivers_queries.driver_ids_of,
        secure=settings.secure,
        other_doors={own_door.OWN},
    )
    render.init_app(app)
    navigation.init_app(app)
    _add_doors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guard.check_endpoints(app)
    return app


def _signing(vault: Vault, number: int) -> dict[str, object]:
    """What signs the cookie and the tokens of forms, and what signed them before, as settings."""
    numbers = range(number, max(number - 2, -1), -1)
    secret, *older = [vault.derive_key(f"forms:{one}" if one else "forms") for one in numbers]
    return {
        "SECRET_KEY": secret,
        "SECRET_KEY_FALLBACKS": older,
        "WTF_CSRF_SECRET_KEY": [*older, secret],  # the last one signs
    }


def _add_doors(app: Flask) -> None:
    """The two addresses that belong to no room."""

    @app.get("/", endpoint="start")
    @needs(Action.SIGN_OUT)
    def _start() -> ResponseReturnValue:
        return redirect(navigation.home())

    @app.get("/health", endpoint="health")
    def _health() -> ResponseReturnValue:
        context.session().execute(text("SELECT 1"))
        return {"status": "ok"}
