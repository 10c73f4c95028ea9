"""The one place that knows the Socket.IO server: rooms, sending, and serving on whichever engine."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from flask import Flask
from flask_socketio import Namespace, SocketIO
from werkzeug.wsgi import ClosingIterator

from backend.realtime.guard import Guard
from backend.realtime.limits import Connections
from backend.realtime.outbox import bound_payloads

MAX_MESSAGE: Final = 64 * 1024
"""Bytes of a client's message: clients send joins, nothing large."""
GRACE: Final = 5.0
"""Seconds that requests under way have to end in when the server stops."""

Environ = dict[str, Any]
Result = TypeVar("Result")


class Fanout:
    """Sends to rooms, and serves the application, on eventlet or on threads."""

    def __init__(
        self, app: Flask, async_mode: str, *, per_address: int, dropped: Callable[[], None] = lambda: None
    ) -> None:
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
        bound_payloads(self._socketio.server.eio)
        self._guard = Guard(self._socketio.server, Connections(per_address), dropped)
        self._under_way: set[object] = set()
        self._stopped = False

    def serve(self, namespace: Namespace) -> None:
        """Lets a namespace answer its clients."""
        self._socketio.on_namespace(namespace)

    def send(self, room: str, event: str, payload: Any) -> None:
        """Sends an event to everyone in a room (each client is in a room of its own id, too)."""
        self._socketio.emit(event, payload, to=room)
        self._guard.look_at_room(room)

    def close_room(self, room: str) -> None:
        """Sends everyone out of a room."""
        self._socketio.close_room(room)

    def spawn(self, work: Callable[[], None]) -> None:
        """Runs something beside the requests, on whatever the engine calls a thread."""
        self._socketio.start_background_task(work)

    def offload(self, work: Callable[[], Result]) -> Result:
        """Runs what computes, or waits for a disk, where it holds up nobody; gives its result or raises its error.

        Such work asks no database, takes no lock and opens no connection: on eventlet it runs beside the loop, where
        nothing of that kind may be touched.
        """
        if self._eventlet:
            from backend.realtime.eventlet_engine import offload

            return offload(work)
        return work()  # every request has a thread of its own

    def sleep(self, seconds: float) -> None:
        """Waits, and lets everything else go on."""
        time.sleep(seconds)  # green where the process is monkey-patched

    def stop(self) -> None:
        """Ends `run` soon; may be called from a signal handler, and so takes no lock."""
        self._stopped = True

    def run(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serves until `stop`; calls `ready` with the port once connections are accepted. Raises `OSError`."""
        server = self._server(host, port)
        ready(server.port)
        while not self._stopped:
            time.sleep(0.05)
            self._guard.look_at_silent()
        server.stop_accepting()
        self._wait_for_requests()
        server.close()

    def _server(self, host: str, port: int) -> Any:
        if self._eventlet:
            from backend.realtime.eventlet_engine import EventletServer, EventletWebSocket

            self._use(EventletWebSocket)
            return EventletServer(host, port, self._counted)
        from backend.realtime.threads_engine import ThreadsServer, ThreadsWebSocket

        self._use(ThreadsWebSocket)
        return ThreadsServer(host, port, self._counted)

    def _use(self, websocket: type) -> None:
        """Makes Engine.IO serve WebSockets by a class that the guard knows how to cut."""
        engine = self._socketio.server.eio
        engine._async = {**engine._async, "websocket": websocket}

    def _wait_for_requests(self) -> None:
        """Waits for the requests under way; sockets have their log to come back to."""
        deadline = time.monotonic() + GRACE
        while self._under_way and time.monotonic() < deadline:
            time.sleep(0.01)

    def _counted(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Counts the requests under way; those of Socket.IO and streams may last for ever."""
        if environ["PATH_INFO"].startswith("/socket.io") or "event-stream" in environ.get("HTTP_ACCEPT", ""):
            return self._app(environ, start_response)
        time.sleep(0)  # who asks again at once is not always the next
        request = object()
        self._under_way.add(request)
        answer = self._app(environ, start_response)  # raises nothing: every error is a problem
        return ClosingIterator(answer, lambda: self._under_way.discard(request))
