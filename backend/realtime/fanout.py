"""The one place that knows the Socket.IO server and the engine under it: rooms, sending, sleeping, serving."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask
from flask_socketio import Namespace, SocketIO

MAX_MESSAGE: Final = 64 * 1024
"""Bytes of a client's message: clients send joins, nothing large."""
GRACE: Final = 5.0
"""Seconds that requests under way have to end in when the server stops."""

Environ = dict[str, Any]


class Fanout:
    """Sends to rooms, and serves the application, on eventlet or on threads."""

    def __init__(self, app: Flask, async_mode: str, origins: list[str] | None) -> None:
        self._app = app
        self._eventlet = async_mode == "eventlet"
        self._socketio = SocketIO(
            app,
            async_mode=async_mode,
            cors_allowed_origins=origins,
            manage_session=False,
            always_connect=True,
            max_http_buffer_size=MAX_MESSAGE,
        )
        self._under_way = 0
        self._stop = threading.Event()

    def serve(self, namespace: Namespace) -> None:
        """Lets a namespace answer its clients."""
        self._socketio.on_namespace(namespace)

    def send(self, room: str, event: str, payload: Any) -> None:
        """Sends an event to everyone in a room (each client is in a room of its own id, too)."""
        self._socketio.emit(event, payload, to=room)

    def close_room(self, room: str) -> None:
        """Sends everyone out of a room."""
        self._socketio.close_room(room)

    def spawn(self, work: Callable[[], None]) -> None:
        """Runs something beside the requests, on whatever the engine calls a thread."""
        self._socketio.start_background_task(work)

    def sleep(self, seconds: float) -> None:
        """Waits, and lets everything else go on."""
        time.sleep(seconds)  # green where the process is monkey-patched

    def stop(self) -> None:
        """Ends `run` soon; may be called from a signal handler."""
        self._stop.set()

    def run(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serves until `stop`; calls `ready` with the port once connections are accepted. Raises `OSError`."""
        (self._run_eventlet if self._eventlet else self._run_threads)(host, port, ready)

    def _run_eventlet(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        import eventlet
        import eventlet.wsgi

        listener = eventlet.listen((host, port))
        server = eventlet.spawn(
            eventlet.wsgi.server, listener, self._counted, log_output=False, socket_timeout=60, keepalive=75
        )
        ready(listener.getsockname()[1])
        self._wait()
        server.kill()
        listener.close()

    def _run_threads(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        from werkzeug.serving import make_server

        server = make_server(host, port, self._counted, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ready(server.server_port)
        self._wait()
        server.shutdown()

    def _wait(self) -> None:
        """Waits for `stop`, and then for the requests under way; sockets have their log to come back to."""
        while not self._stop.wait(0.1):
            pass
        deadline = time.monotonic() + GRACE
        while self._under_way and time.monotonic() < deadline:
            time.sleep(0.01)

    def _counted(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Counts the requests under way; those of Socket.IO may last for ever."""
        counts = not environ["PATH_INFO"].startswith("/socket.io")
        self._under_way += counts
        try:
            return self._app(environ, start_response)
        finally:
            self._under_way -= counts
