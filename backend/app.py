"""The composition root: builds everything once, and passes it down."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask, render_template

from backend.api.attachments import attachments_blueprint
from backend.api.changes import changes_blueprint
from backend.api.departments import departments_blueprint
from backend.api.documents import documents_blueprint
from backend.api.errors import register_errors
from backend.api.events import events_blueprint
from backend.api.exchange import exchange_blueprint
from backend.api.feeds import feeds_blueprint, subscriptions_blueprint
from backend.api.files import files_blueprint
from backend.api.front_door import FrontDoor
from backend.api.health import health_blueprint
from backend.api.holidays import holidays_blueprint
from backend.api.old_calendars import old_calendars_blueprint
from backend.api.operations import DocumentedApi
from backend.api.policy import register_policy
from backend.api.search import search_blueprint
from backend.api.sync import sync_blueprint
from backend.api.trash import trash_blueprint
from backend.api.uploads import uploads_blueprint
from backend.domain import deadline
from backend.filing import Filing, Loops
from backend.metrics import Metrics
from backend.origins import allow_origins, hosts, writing_origins
from backend.realtime.asyncapi import asyncapi_document
from backend.realtime.fanout import Fanout
from backend.realtime.limits import Joins
from backend.realtime.namespace import LogNamespace
from backend.realtime.presence import ANNOUNCEMENTS, Presence
from backend.realtime.relay import Relay
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import Database
from backend.repositories.opening import open_database
from backend.repositories.tables import TABLES
from backend.services.daily import Daily, by_a_process
from backend.services.files import Files
from backend.services.holidays import HolidayService
from backend.services.old_calendars import OldCalendars, by_the_migration
from backend.services.readers import Readers
from backend.services.search import SearchService
from backend.services.sync import Sync
from backend.services.transfers import Transfers
from backend.services.writers import Writers
from backend.settings import Settings
from backend.storage.filesystem import FolderStore
from backend.storage.opening import open_store
from backend.storage.store import ObjectStore

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parent.parent
MAX_BODY = 1024 * 1024
"""Bytes that a request's body may have: an event is a few kB, files never pass through here."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Dayroom:
    """Is a whole server: its Flask application, and what carries its log into the rooms."""

    app: Flask
    fanout: Fanout
    relay: Relay
    presence: Presence
    database: Database
    store: ObjectStore
    filing: Filing
    changelog: ChangeLog
    daily: Daily

    @property
    def files(self) -> Files:
        """Is what can be done with files."""
        return self.filing.files

    def close(self) -> None:
        """Ends what runs beside the requests, and lets go of the database."""
        self.daily.stop()
        self.filing.stop()
        self.relay.stop()
        self.presence.stop()
        self.store.close()
        self.database.close()


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    store: ObjectStore | None = None,
    clock: Clock = lambda: datetime.now(UTC),
) -> Dayroom:
    """Builds a server from its settings; tests pass another database, object store or clock."""
    metrics = Metrics()
    database = database or open_settings_database(settings, metrics.called_dynamodb)
    _prepare(database)
    app = _flask(settings)
    fanout = Fanout(
        app, settings.socketio_async_mode, per_address=settings.max_connections_per_address, dropped=metrics.dropped
    )
    store = store or open_store(settings, offload=fanout.offload, clock=clock)
    read = Readers.of(database, timedelta(days=settings.change_retention_days), clock=clock, sleep=fanout.sleep)
    poll = _poll_seconds(database, settings)
    relay = Relay(read.changes, fanout, data_version=database.data_version, poll_seconds=poll, sent=metrics.relayed)
    changelog = ChangeLog(
        database, read.log, announce=relay.announce, committed=metrics.committed, clock=clock, sleep=fanout.sleep
    )
    changelog.open_directory()
    presence = Presence(fanout)
    joins = Joins(settings.joins_per_second, time.monotonic)
    announcements = Joins(ANNOUNCEMENTS, time.monotonic, refusal="Says too often who is there")
    fanout.serve(LogNamespace(read.changes, relay, joins, presence, announcements, metrics.joined))
    _receive(app, settings, metrics, store)
    write = Writers.of(
        database, read, changelog, default_timezone=settings.default_timezone, clock=clock, offload=fanout.offload
    )
    search = SearchService(read.departments, write.events, pause=fanout.sleep)
    loops = Loops(fanout.sleep, fanout.offload, clock)
    filing = Filing.of(
        settings, database, read, changelog, store, loops, drawn=metrics.thumbnail, fetched=metrics.fetched
    )
    sync = Sync.of(database, read, write, filing.files, changelog, clock=clock)
    _route(app, read, write, sync, relay, _imports(settings, fanout), search)
    _serve_files(app, store)
    app.register_blueprint(health_blueprint({"database": database.ping, "object_store": store.ping}))
    run = by_a_process(fanout.sleep)
    unfinished = filing.care.housekeeping.has_work
    daily = Daily(
        database, settings.backup_daily_to, settings.backup_keep, command=run, unfinished=unfinished, clock=clock
    )
    return Dayroom(app, fanout, relay, presence, database, store, filing, changelog, daily)


def _serve_files(app: Flask, store: ObjectStore) -> None:
    """Serves the addresses that the folder store signs; S3's lead to S3."""
    if isinstance(store, FolderStore):
        app.register_blueprint(files_blueprint(Transfers(store)))


def _prepare(database: Database) -> None:
    """Creates what is missing. Where somebody keeps the tables otherwise, on purpose perhaps, that is said and left."""
    plan = database.provision(TABLES, plan=True).changed
    if database.capabilities.tells_version or any(line.startswith("create") for line in plan):
        database.provision(TABLES)
    elif plan:
        log.warning("`python -m backend provision` would change the tables", plan=list(plan))


def _receive(app: Flask, settings: Settings, metrics: Metrics, store: ObjectStore) -> None:
    """Puts before and after every request what all of them have in common."""
    door = FrontDoor(app.wsgi_app, hosts=hosts(settings), origins=writing_origins(settings))
    app.wsgi_app = door  # type: ignore[method-assign]
    register_errors(app, metrics.refused)
    register_policy(app, store.browser_origins)
    metrics.watch(app)
    allow_origins(app, settings)


def _imports(settings: Settings, fanout: Fanout) -> OldCalendars:
    run = by_the_migration(fanout.sleep, settings.database)
    return OldCalendars(settings.data_dir / "imports", settings.import_max_bytes, run=run, spawn=fanout.spawn)


def _route(
    app: Flask,
    read: Readers,
    write: Writers,
    sync: Sync,
    relay: Relay,
    imports: OldCalendars,
    search: SearchService,
) -> None:
    """Gives every address its view, and every view its service."""
    api = _documented(app)
    api.register_blueprint(departments_blueprint(write.departments))
    api.register_blueprint(events_blueprint(write.events, write.series, write.lives))
    api.register_blueprint(attachments_blueprint(sync.files))
    api.register_blueprint(uploads_blueprint(sync.files))
    api.register_blueprint(sync_blueprint(sync))
    api.register_blueprint(changes_blueprint(read.changes, relay.watch))
    api.register_blueprint(trash_blueprint(read.trash))
    api.register_blueprint(search_blueprint(search))
    api.register_blueprint(holidays_blueprint(HolidayService()))
    api.register_blueprint(old_calendars_blueprint(imports))
    api.register_blueprint(feeds_blueprint(write.feeds))
    api.register_blueprint(exchange_blueprint(write.exports, write.imports))
    app.register_blueprint(subscriptions_blueprint(write.feeds))
    app.register_blueprint(documents_blueprint(api.spec.to_dict(), asyncapi_document()))
    app.add_url_rule("/", "calendar", lambda: render_template("index.html"))


def open_settings_database(settings: Settings, observe: Callable[[str, str, float], None] | None = None) -> Database:
    """Opens the database that the settings name; `observe` hears of the calls of DynamoDB."""
    return open_database(
        settings.database,
        data_dir=settings.data_dir,
        table_name=settings.table_name,
        region=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url_dynamodb,
        observe=observe,
    )


def _flask(settings: Settings) -> Flask:
    app = Flask("dayroom", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        REQUIRE_PRECONDITIONS=settings.require_preconditions,
        PUBLIC_URL=settings.public_url,
        CALENDAR_FILE_MAX_BYTES=settings.calendar_file_max_bytes,
    )
    app.before_request(deadline.begin)
    app.teardown_request(lambda error: deadline.lift())
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    return app


def _documented(app: Flask) -> DocumentedApi:
    app.config.update(API_TITLE="Dayroom", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    return DocumentedApi(app, spec_kwargs={"info": {"description": "A shared calendar on one change log."}})


def _poll_seconds(database: Database, settings: Settings) -> float:
    return 0.25 if database.capabilities.tells_version else settings.dynamodb_poll_seconds
