"""Socket.IO's own client on Node.js, over each transport and over the change from one to the other."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.components.server import Server, StartServer
from toolchain.node import find_node
from toolchain.steps import ROOT

SCRIPT = Path(__file__).with_name("client.mjs")
Message = list[Any]
ENDED: Message = ["ended"]


class NodeClient:
    """Is a process that says what its Socket.IO client hears."""

    def __init__(self, url: str, transport: str, department: str) -> None:
        self._process = subprocess.Popen(
            [str(find_node().binary), str(SCRIPT), url, transport, department],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: queue.Queue[Message] = queue.Queue()
        self._passed: list[Message] = []
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> NodeClient:
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        with self._process:
            self._process.kill()

    def next(self, what: str, *rest: object) -> Message:
        """Return the next message of a kind; others stay for whoever asks for them."""
        wanted = [what, *rest]
        for message in self._passed:
            if message[: len(wanted)] == wanted:
                self._passed.remove(message)
                return message
        while True:
            message = self._said.get(timeout=20)
            assert message != ENDED, f"it ended without {wanted}"
            if message[: len(wanted)] == wanted:
                return message
            self._passed.append(message)

    def call(self, event: str, *arguments: object) -> Any:
        """Emit an event and return the ack."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([event, *arguments]) + "\n")
        self._process.stdin.flush()
        return self.next("ack")[1]

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put(ENDED)


@pytest.fixture
def node(server: Server) -> Iterator[Callable[..., NodeClient]]:
    """Yield a function that starts a client."""
    with ExitStack() as stack:
        yield lambda transport, department: stack.enter_context(NodeClient(server.url, transport, department))


@pytest.mark.parametrize("transport", ["websocket", "polling", "polling+websocket"])
def test_it_joins_hears_and_leaves(node: Callable[..., NodeClient], server: Server, transport: str) -> None:
    department = server.create_department(f"영업부 {transport}")
    client = node(transport, department)
    assert client.next("heard", "connected")[2] == {"ok": True}
    ack = client.next("ack")[1]
    assert (ack["ok"], ack["log"], ack["recovered"], ack["changes"]) == (True, department, True, [])
    if "+" in transport:
        assert client.next("upgrade") == ["upgrade", "websocket"]
    for number in range(50):
        server.create_event(department, str(number))
    heard = [client.next("heard", "event_created")[2] for _ in range(50)]
    assert [message["change"]["seq"] for message in heard] == list(range(1, 51))
    assert [message["title"] for message in heard] == [str(number) for number in range(50)]
    replayed = client.call("join_department", {"department_id": department, "since": ack["position"]})
    assert [change["seq"] for change in replayed["changes"]] == list(range(1, 51))
    assert client.call("leave_department", {"department_id": department}) == {"ok": True}
    assert client.call("nonsense", {})["problem"]["code"] == "not-found"
    assert client.call("join_department")["problem"]["code"] == "validation"


def test_it_comes_back_by_itself_after_a_restart(start_server: StartServer, engine: str) -> None:
    server = start_server(SOCKETIO_ASYNC_MODE=engine)
    department = server.create_department("영업부")
    with NodeClient(server.url, "polling+websocket", department) as client:
        client.next("ack")
        server.kill()
        assert client.next("disconnect")[1] in {"transport close", "transport error"}
        server.start()
        assert client.next("ack")[1]["ok"]
        server.create_event(department, "회의")
        assert client.next("heard", "event_created")[2]["title"] == "회의"
