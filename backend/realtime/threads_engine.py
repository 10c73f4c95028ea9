"""Serves on threads: one a request, and one a WebSocket."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from engineio.async_drivers.threading import SimpleWebSocketWSGI
from simple_websocket import Server as ReadingServer
from werkzeug.serving import WSGIRequestHandler, make_server

BACKLOG: Final = 1024
"""Connections that may wait to be accepted: after a restart all clients come at once."""
MESSAGES_AHEAD: Final = 16
"""How many messages of a client wait until it is read on."""


class PatientHandler(WSGIRequestHandler):
    """Is a connection that may not keep its thread for ever without a word; Engine.IO's pings make clients speak."""

    timeout = 60


class ThreadsServer:
    """Accepts connections, each on a thread."""

    def __init__(self, host: str, port: int, app: Callable[..., Any]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=BACKLOG) as listener:  # werkzeug's would exit
            options: Any = {"threaded": True, "request_handler": PatientHandler, "fd": listener.fileno()}
            self._server = make_server(host, port, app, **options)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop_accepting(self) -> None:
        """Accepts no more."""
        self._server.shutdown()

    def close(self) -> None:
        """Lets go of the port."""
        self._server.server_close()


class PacedServer(ReadingServer):
    """Reads no faster than its messages are taken; the library keeps whatever comes."""

    def _handle_events(self) -> bool:
        while self.connected and len(self.input_buffer) > MESSAGES_AHEAD:
            time.sleep(0.005)
        return bool(super()._handle_events())


class ThreadsWebSocket(SimpleWebSocketWSGI):
    """Is Engine.IO's WebSocket on threads, with a limit, and known to the client that it serves."""

    def __init__(self, handler: Any, server: Any) -> None:
        super().__init__(handler, server)
        self._most = server.max_http_buffer_size
        self._client = handler.__self__

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Serves the connection to its end, after which there is no HTTP answer."""
        wire = self._client.wire = environ["werkzeug.socket"]
        self.ws = PacedServer(environ, max_message_size=self._most)
        self.app(self)
        with suppress(OSError):  # it may have gone by itself
            wire.shutdown(socket.SHUT_RDWR)  # else werkzeug waits for another request, and the client for the end
        raise ConnectionError
