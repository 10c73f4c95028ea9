"""Runs a server from its settings to its end."""

import signal
import sys
from types import FrameType

import structlog

from backend.app import create_app
from backend.logs import configure_logs
from backend.repositories.database import DatabaseError
from backend.settings import Settings
from backend.storage.errors import StorageError

log = structlog.get_logger(__name__)


def serve(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT; gives the exit status. What stops the start is said in one line."""
    configure_logs(settings.log_level, settings.log_format)
    try:
        dayroom = create_app(settings)
    except (DatabaseError, StorageError, OSError) as error:
        return _refuse(error)

    def stop(number: int, frame: FrameType | None) -> None:
        dayroom.fanout.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    def ready(port: int) -> None:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"Dayroom is ready at http://{host}:{port}", flush=True)

    dayroom.fanout.spawn(dayroom.relay.run)
    dayroom.fanout.spawn(dayroom.presence.run)
    dayroom.fanout.spawn(dayroom.daily.run)
    dayroom.filing.spawn(dayroom.fanout.spawn)
    try:
        dayroom.fanout.run(settings.host, settings.port, ready)
    except OSError as error:
        return _refuse(f"{settings.host}:{settings.port}: {error.strerror or error}")
    finally:
        dayroom.close()
    log.info("stopped")
    return 0


def _refuse(reason: object) -> int:
    print(f"dayroom: cannot start: {reason}", file=sys.stderr)
    return 1
