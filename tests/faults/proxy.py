"""A proxy before DynamoDB Local that fails as networks and DynamoDB do: each fault with a probability, by a seed."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

ERRORS = "com.amazonaws.dynamodb.v20120810#"
THROTTLES = ("ThrottlingException", "ProvisionedThroughputExceededException")
LAG = 20.0
"""Seconds by which an answer of an index may be old."""


@dataclass(frozen=True)
class Faults:
    """Is the probability of each fault, for each request on its own."""

    throttle: float = 0
    """Is told to slow down; nothing happened."""
    conflict: float = 0
    """Of transactions: another one was in the way; nothing happened."""
    error: float = 0
    """HTTP 500; nothing happened, but nobody can know."""
    cut_before: float = 0
    """The connection ends; nothing happened."""
    cut_after: float = 0
    """The connection ends, and the request was performed."""
    delay: float = 0
    """The answer takes a while."""
    hang: float = 0
    """The request was performed, and no answer ever comes."""
    old_index: float = 0
    """Of index queries: an answer that was right earlier."""

    @classmethod
    def all(cls, probability: float) -> Faults:
        """Gives each fault the same probability."""
        return cls(*[probability] * len(asdict(cls())))


class FaultProxy:
    """Listens on a port of its own while it is `up()`; `counts` tells how often each fault happened."""

    def __init__(
        self, endpoint: str, faults: Faults | None = None, *, seed: int = 0, delay_seconds: float = 0.1
    ) -> None:
        address = urlsplit(endpoint)
        self.faults = faults or Faults()
        self.counts: Counter[str] = Counter()
        self.only: set[str] | None = None
        """The operations that fail; None is all of them."""
        self.delay_seconds = delay_seconds
        self._upstream = (address.hostname or "", address.port or 0)
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._pages: dict[bytes, list[tuple[float, bytes]]] = {}
        self._connections: set[socket.socket] = set()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self.up()
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def up(self) -> None:
        """Begins to listen, where it listened before."""
        self._server = _Listener(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Ends every connection, and refuses new ones."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        with self._lock:
            connections, self._connections = self._connections, set()
        for connection in connections:
            _end(connection)

    def opened(self, connection: socket.socket) -> None:
        """Hears of a connection, so that `down` can end it."""
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Hears that a connection is over."""
        with self._lock:
            self._connections.discard(connection)

    def answer(self, request: Request) -> None:
        """Answers a request rightly, or with one fault after the other if chance wants it."""
        if self.only is not None and request.operation not in self.only:
            request.reply(*self._ask(request))
            return
        if self._happens("delay"):
            time.sleep(self.delay_seconds)
        for name, fault in self._before(request).items():
            if self._happens(name):
                fault()
                return
        status, headers, body = self._ask(request)
        if self._happens("cut_after"):
            _end(request.connection)
        elif self._happens("hang"):
            with suppress(OSError):
                request.connection.recv(1)  # until the client has had enough, or the proxy goes down
            _end(request.connection)
        else:
            request.reply(status, headers, self._page(request, status, body))

    def _before(self, request: Request) -> dict[str, Callable[[], None]]:
        """Lists the faults that let nothing happen."""
        faults: dict[str, Callable[[], None]] = {
            "throttle": lambda: request.fail(400, self._choose(THROTTLES)),
            "error": lambda: request.fail(500, "InternalServerError"),
            "cut_before": lambda: _end(request.connection),
        }
        if request.operation == "TransactWriteItems":
            faults["conflict"] = lambda: request.fail(
                400, "TransactionCanceledException", CancellationReasons=_conflict(request.body)
            )
        return faults

    def _page(self, request: Request, status: int, body: bytes) -> bytes:
        """Remembers the answers of an index, and gives an earlier one to the same question if chance wants it."""
        if status != 200 or request.operation != "Query" or b'"IndexName"' not in request.body:
            return body
        now = time.monotonic()
        with self._lock:
            young = [page for page in self._pages.get(request.body, []) if page[0] > now - LAG]
            self._pages[request.body] = [*young, (now, body)]
        return young[0][1] if young and self._happens("old_index") else body

    def _ask(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = request.upstream or HTTPConnection(*self._upstream, timeout=30)
        try:
            upstream.request(request.command, request.path, request.body, dict(request.headers.items()))
            answer = upstream.getresponse()
            request.upstream = upstream
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, HTTPException):
            upstream.close()
            request.upstream = None
            raise

    def _happens(self, fault: str) -> bool:
        with self._lock:
            happens = self._random.random() < getattr(self.faults, fault)
        if happens:
            self.counts[fault] += 1
        return happens

    def _choose(self, among: tuple[str, ...]) -> str:
        with self._lock:
            return self._random.choice(among)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], proxy: FaultProxy) -> None:
        self.proxy = proxy
        super().__init__(address, Request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: connections end here on purpose."""


class Request(BaseHTTPRequestHandler):
    """Is one connection, with the request on it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener
    upstream: HTTPConnection | None = None
    body = b""

    @property
    def operation(self) -> str:
        """Is what DynamoDB is asked for."""
        return str(self.headers.get("X-Amz-Target", "")).rpartition(".")[2]

    def setup(self) -> None:
        super().setup()
        self.server.proxy.opened(self.connection)

    def finish(self) -> None:
        self.server.proxy.closed(self.connection)
        if self.upstream is not None:
            self.upstream.close()
        super().finish()

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.proxy.answer(self)

    def reply(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Sends an answer."""
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "x-amz-crc32"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fail(self, status: int, code: str, **members: Any) -> None:
        """Sends an error as DynamoDB does."""
        body = json.dumps({"__type": ERRORS + code, "message": "a fault of the test", **members}).encode()
        self.reply(status, [("Content-Type", "application/x-amz-json-1.0")], body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def _conflict(transaction: bytes) -> list[Json]:
    """Says of a transaction's first item that another transaction was in the way."""
    reasons: list[Json] = [{"Code": "None"} for _ in json.loads(transaction)["TransactItems"]]
    reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return reasons


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
