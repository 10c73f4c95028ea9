"""Serves on eventlet, and mends what its WebSockets lack: unmasking at a sane price, a limit for whole messages."""

import socket
from collections.abc import Callable
from typing import Any, Final, TypeVar

import eventlet
import eventlet.wsgi
from engineio.async_drivers.eventlet import WebSocketWSGI
from eventlet import patcher, tpool
from eventlet.websocket import FailedConnectionError, RFC6455WebSocket

BACKLOG: Final = 1024
"""Connections that may wait to be accepted: after a restart all clients come at once."""
MAX_CONNECTIONS: Final = 10_000
"""Clients at a time: each keeps its WebSocket, or its long poll, open."""

Result = TypeVar("Result")


def offload(work: Callable[[], Result]) -> Result:
    """Runs something on a real thread, while the loop goes on; in a process with a loop, that is."""
    if not patcher.is_monkey_patched("thread"):
        return work()  # a test or a command: whoever calls has a thread already, and there is no loop to come back to
    result: Result = tpool.execute(work)
    return result


def unmask(data: bytes, mask: tuple[int, int, int, int], length: int | None = None, offset: int = 0) -> bytes:
    """Unmasks a part of a WebSocket frame (RFC 6455, section 5.3) by one XOR of large integers.

    Eventlet's own goes byte by byte: 225 ms for 900 kB, for all clients to wait.
    """
    size = len(data) if length is None else length
    turn = offset % 4
    key = bytes(mask[turn:] + mask[:turn]) * (size // 4 + 1)
    return (int.from_bytes(data[:size], "big") ^ int.from_bytes(key[:size], "big")).to_bytes(size, "big")


class LimitedMessage(RFC6455WebSocket.Message):
    """Is a message that is still coming in: in many fragments it may be no longer than in one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._size = 0

    def push(self, data: bytes, final: bool = False) -> None:
        """Takes a fragment; ends the connection (1009) where the message grows too long.

        An empty fragment counts, too: there could be endlessly many. And who sends without a pause lets others have
        their turn here, since a socket that always has something to read is never waited for.
        """
        eventlet.sleep(0)
        super().push(data, final)
        self._size += max(1, len(data))
        if self._size > self.max_frame_length:
            raise FailedConnectionError(1009, f"Messages have at most {self.max_frame_length} bytes")


# Eventlet makes its WebSockets itself and has no setting for either.
RFC6455WebSocket.Message = LimitedMessage
RFC6455WebSocket._apply_mask = staticmethod(unmask)


class EventletWebSocket(WebSocketWSGI):
    """Is Engine.IO's WebSocket on eventlet, known to the client that it serves."""

    def __init__(self, handler: Any, server: Any) -> None:
        super().__init__(handler, server)
        self._client = handler.__self__

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Serves the connection; turns away the drafts of before RFC 6455, whose messages have no limit here."""
        if "HTTP_SEC_WEBSOCKET_VERSION" not in environ:
            start_response("426 Upgrade Required", [("Sec-WebSocket-Version", "13"), ("Content-Length", "0")])
            return []
        self._client.wire = environ["eventlet.input"].get_socket()
        return super().__call__(environ, start_response)


def reading_chunks(app: Callable[..., Any]) -> Callable[..., Any]:
    """Says of bodies in chunks, as .NET's clients send them, that they end by themselves: eventlet sees to it.

    Werkzeug takes a body without a length and without this word for an empty one. Of other bodies it must not be said:
    one that is cut off would look whole.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["wsgi.input"].chunked_input:
            environ["wsgi.input_terminated"] = True
        return app(environ, start_response)

    return serve


class EventletServer:
    """Accepts connections, each on a green thread."""

    def __init__(self, host: str, port: int, app: Callable[..., Any]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = eventlet.listen((host, port), family, backlog=BACKLOG, reuse_port=False)
        self.port: int = self._listener.getsockname()[1]
        self._server = eventlet.spawn(
            eventlet.wsgi.server,
            self._listener,
            reading_chunks(app),
            log=_Silence(),
            log_output=False,
            debug=False,
            minimum_chunk_size=1,  # else a stream's events wait until there are 4 kB of them
            max_size=MAX_CONNECTIONS,
            socket_timeout=60,
            keepalive=75,
        )

    def stop_accepting(self) -> None:
        """Accepts no more, closes what is idle, and lets what is under way end."""
        self._server.kill()

    def close(self) -> None:
        """Lets go of the port."""
        self._listener.close()


class _Silence:
    """Is where eventlet's server writes what the application has logged already, or nobody needs."""

    def write(self, text: str) -> None:
        """Drops a line."""
