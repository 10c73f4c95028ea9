"""Keeps Socket.IO clients within bounds: those that come too often, say nothing, send rubbish, or do not read.

The libraries under it bound none of this: a send queue grows as long as a client does not read, a connection may stay
without ever joining the namespace, and what is no packet is logged as a crash.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from engineio.exceptions import EngineIOError

from backend.realtime.limits import Connections

NAMESPACE: Final = "/"
NAMESPACE_SECONDS: Final = 10.0
"""How long a connection may stay without the namespace, in which alone it can do anything."""
BACKLOG_MESSAGES: Final = 1000
BACKLOG_CHARACTERS: Final = 2_000_000
"""How much waits for a client that does not read. Then it is cut; it comes back from its position."""
NO_PACKET: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What python-socketio raises for what is no Socket.IO packet; our own handlers run elsewhere, and raise nothing."""

log = structlog.get_logger(__name__)


class Guard:
    """Stands between the Engine.IO server, which has the connections, and the Socket.IO server, which has the rooms."""

    def __init__(self, server: Any, connections: Connections, dropped: Callable[[], None] = lambda: None) -> None:
        self._server = server
        self._engine = server.eio
        self._connections = connections
        self._dropped = dropped
        self._silent: dict[str, float] = {}
        self._connect = self._engine.handlers["connect"]
        self._disconnect = self._engine.handlers["disconnect"]
        self._receive = self._engine.handlers["message"]
        self._engine.handlers |= {"connect": self.connect, "disconnect": self.disconnect, "message": self.receive}

    def connect(self, client: str, environ: dict[str, Any]) -> Any:
        """Lets a connection in, or says why not."""
        if not self._connections.open(client, environ.get("REMOTE_ADDR", "")):
            return "Too many connections from this address"
        self._silent[client] = time.monotonic() + NAMESPACE_SECONDS
        connection = self._engine.sockets[client]
        connection.handle_post_request = partial(self._take_payload, client, connection.handle_post_request)
        return self._connect(client, environ)

    def disconnect(self, client: str, reason: str) -> None:
        """Forgets a connection."""
        self._connections.close(client)
        self._silent.pop(client, None)
        self._disconnect(client, reason)

    def receive(self, client: str, data: Any) -> None:
        """Ends the connection of who sends what is no packet (Socket.IO protocol 5 asks for that)."""
        try:
            self._receive(client, data)
        except NO_PACKET as error:
            log.info("no Socket.IO packet", client=client, error=str(error))
            self._engine.start_background_task(self.cut, client)

    def _take_payload(self, client: str, take: Callable[[dict[str, Any]], None], environ: dict[str, Any]) -> None:
        """Ends the connection of who posts what is no payload; Engine.IO would say 200, or wait for a poll for ever."""
        try:
            if not environ.get("CONTENT_LENGTH", "0").isdigit():
                raise ValueError("the length is no number")
            take(environ)
        except (EngineIOError, *NO_PACKET) as error:
            log.info("no Engine.IO payload", client=client, error=str(error))
            self.cut(client)
            raise EngineIOError from error

    def look_at_room(self, room: str) -> None:
        """Cuts the members of a room for whom too much waits."""
        for _, client in list(self._server.manager.get_participants(NAMESPACE, room)):
            connection = self._engine.sockets.get(client)
            if connection is not None and _too_much_waits(connection.queue):
                log.info("does not read", client=client)
                self._dropped()
                self.cut(client)

    def look_at_silent(self) -> None:
        """Cuts who has not joined the namespace in time."""
        now = time.monotonic()
        for client, deadline in list(self._silent.items()):
            if self._server.manager.sid_from_eio_sid(client, NAMESPACE) is not None:
                self._silent.pop(client, None)
            elif deadline < now:
                self._silent.pop(client, None)
                self.cut(client)

    def cut(self, client: str) -> None:
        """Ends a connection at once: nobody waits for a client that may not read."""
        connection = self._engine.sockets.get(client)
        if connection is None:
            return
        connection.close(wait=False, abort=True, reason=self._engine.reason.SERVER_DISCONNECT)
        wire = getattr(connection, "wire", None)
        if wire is not None:
            with suppress(OSError):  # it may have gone by itself
                wire.shutdown(socket.SHUT_RDWR)
        self._engine.sockets.pop(client, None)


def _too_much_waits(outbox: Any) -> bool:
    return bool(outbox.qsize() > BACKLOG_MESSAGES or outbox.waiting > BACKLOG_CHARACTERS)
