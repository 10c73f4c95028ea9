"""The one place that knows the Socket.IO server and the engine under it: rooms, sending, sleeping, serving."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import structlog
from flask import Flask
from flask_socketio import Namespace, SocketIO
from werkzeug.wsgi import ClosingIterator

MAX_MESSAGE: Final = 64 * 1024
"""Bytes of a client's message: clients send joins, nothing large."""
GRACE: Final = 5.0
"""Seconds that requests under way have to end in when the server stops."""

BACKLOG: Final = 1024
"""Connections that may wait to be accepted: after a restart all clients come at once."""
MAX_CONNECTIONS: Final = 10_000
"""Clients at a time: each keeps its WebSocket, or its long poll, open."""
NO_PACKET: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What python-socketio raises for what is no Socket.IO packet; our own handlers run elsewhere, and raise nothing."""

Environ = dict[str, Any]

log = structlog.get_logger(__name__)


class Fanout:
    """Sends to rooms, and serves the application, on eventlet or on threads."""

    def __init__(self, app: Flask, async_mode: str) -> None:
        self._app = app
        self._eventlet = async_mode == "eventlet"
        self._socketio = SocketIO(
            app,
            async_mode=async_mode,
            cors_allowed_origins=lambda origin: True,  # the front door has looked at it
            manage_session=False,
            always_connect=True,
            max_http_buffer_size=MAX_MESSAGE,
        )
        self._refuse_broken_packets()
        self._under_way: set[object] = set()
        self._stopped = False

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
        """Ends `run` soon; may be called from a signal handler, and so takes no lock."""
        self._stopped = True

    def run(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serves until `stop`; calls `ready` with the port once connections are accepted. Raises `OSError`."""
        (self._run_eventlet if self._eventlet else self._run_threads)(host, port, ready)

    def _run_eventlet(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        import eventlet
        import eventlet.wsgi

        listener = eventlet.listen((host, port), backlog=BACKLOG, reuse_port=False)
        server = eventlet.spawn(
            eventlet.wsgi.server,
            listener,
            self._counted,
            log=_Silence(),
            log_output=False,
            debug=False,
            max_size=MAX_CONNECTIONS,
            socket_timeout=60,
            keepalive=75,
        )
        ready(listener.getsockname()[1])
        self._wait_for_stop()
        server.kill()  # accepts no more, closes what is idle, and lets what is under way end
        self._wait_for_requests()
        listener.close()

    def _run_threads(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        from werkzeug.serving import make_server

        server = make_server(host, port, self._counted, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ready(server.server_port)
        self._wait_for_stop()
        server.shutdown()
        self._wait_for_requests()

    def _wait_for_stop(self) -> None:
        while not self._stopped:
            time.sleep(0.05)

    def _wait_for_requests(self) -> None:
        """Waits for the requests under way; sockets have their log to come back to."""
        deadline = time.monotonic() + GRACE
        while self._under_way and time.monotonic() < deadline:
            time.sleep(0.01)

    def _counted(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Counts the requests under way; those of Socket.IO and streams may last for ever."""
        if environ["PATH_INFO"].startswith("/socket.io") or "event-stream" in environ.get("HTTP_ACCEPT", ""):
            return self._app(environ, start_response)
        request = object()
        self._under_way.add(request)
        answer = self._app(environ, start_response)  # raises nothing: every error is a problem
        return ClosingIterator(answer, lambda: self._under_way.discard(request))

    def _refuse_broken_packets(self) -> None:
        """Ends the connection of who sends what is no packet; the library would log a stack trace, and go on.

        Socket.IO protocol 5: "Upon reception of an invalid packet the connection must be closed."
        """
        engine = self._socketio.server.eio
        receive = engine.handlers["message"]

        def receive_strictly(sid: str, data: Any) -> None:
            try:
                receive(sid, data)
            except NO_PACKET as error:
                log.info("no Socket.IO packet", client=sid, error=str(error))
                engine.start_background_task(engine.disconnect, sid)

        engine.on("message", receive_strictly)


class _Silence:
    """Is where eventlet's server writes what the application has logged already, or nobody needs."""

    def write(self, text: str) -> None:
        """Drops a line."""
