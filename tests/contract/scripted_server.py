"""A server that answers DynamoDB's requests as a test says: with an error, with nothing, or not at all."""

from __future__ import annotations

import json
import socketserver
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, TypeAlias

Answer: TypeAlias = Callable[["Handler"], None]


@dataclass
class Script:
    """Holds the answers that are still to be given, the last of them for ever, and the requests that came."""

    answers: deque[Answer] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    endpoint: str = ""

    def play(self, *answers: Answer) -> None:
        """Says what the next requests are answered."""
        self.answers = deque(answers)


class Handler(BaseHTTPRequestHandler):
    """Gives the next answer."""

    script: Script
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answers one request."""
        script = self.script
        script.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = script.answers[0] if len(script.answers) == 1 else script.answers.popleft()
        answer(self)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def error(code: str, status: int = 400, **more: object) -> Answer:
    """Answers an error of the service."""
    return reply({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": f"{code}!", **more}, status)


def reply(body: object, status: int = 200) -> Answer:
    """Answers JSON."""

    def answer(handler: Handler) -> None:
        content = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/x-amz-json-1.0")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def garble(handler: Handler) -> None:
    """Answers what is no JSON, with a good conscience."""
    handler.send_response(200)
    handler.send_header("Content-Length", "9")
    handler.end_headers()
    handler.wfile.write(b"<html>???")


def cut(handler: Handler) -> None:
    """Closes the connection in the middle of an answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")
    handler.close_connection = True


def tamper(handler: Handler) -> None:
    """Answers an item that is not the one of the checksum."""
    content = b'{"Item": {"id": {"S": "other"}}}'
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.send_header("x-amz-crc32", "12345")
    handler.end_headers()
    handler.wfile.write(content)


def drop(handler: Handler) -> None:
    """Closes the connection without an answer."""
    handler.close_connection = True


def hang(handler: Handler) -> None:
    """Never answers."""
    handler.script.released.wait()
    handler.close_connection = True


@contextmanager
def serving() -> Iterator[Script]:
    """Serves until the block ends."""
    script = Script()
    bound = type("Bound", (Handler,), {"script": script})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), bound) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        script.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        yield script
        script.released.set()
        server.shutdown()
        thread.join()
