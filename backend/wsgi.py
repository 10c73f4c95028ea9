"""Serves under other WSGI servers (with threads): `application` is complete, its relay runs.

The settings decide the engine as everywhere; a server that brings its own must set `SOCKETIO_ASYNC_MODE=threading`.
"""

from backend.settings import Settings

settings = Settings.from_env()
if settings.socketio_async_mode == "eventlet":
    import eventlet

    eventlet.monkey_patch()

from backend.app import create_app  # noqa: E402  (after the patching, as in __main__)
from backend.logs import configure_logs  # noqa: E402

configure_logs(settings.log_level, settings.log_format)
_dayroom = create_app(settings)
_dayroom.fanout.spawn(_dayroom.relay.run)
_dayroom.fanout.spawn(_dayroom.daily.run)
application = _dayroom.app
