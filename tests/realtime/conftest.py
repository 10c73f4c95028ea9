"""Fixtures of the realtime tests: for each engine one server that a module shares, and clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import socketio

from tests.components.server import Server, StartServer
from tests.subscriber import OrderedClient, Subscriber

Connect = Callable[..., socketio.SimpleClient]
Follow = Callable[..., Subscriber]


class PlainClient(socketio.SimpleClient):  # type: ignore[misc]  # the library has no types
    """Is python-socketio's simple client, with messages in order."""

    client_class = OrderedClient


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def engine(request: pytest.FixtureRequest) -> str:
    """Return one `SOCKETIO_ASYNC_MODE` after the other; what uses this, or a server, runs on both."""
    return str(request.param)


@pytest.fixture(scope="module")
def data_folder(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the shared server keeps its SQLite file."""
    return tmp_path_factory.mktemp(engine)


@pytest.fixture(scope="module")
def server(engine: str, start_shared_server: StartServer, data_folder: Path) -> Server:
    """Return a server on SQLite."""
    return start_shared_server(SOCKETIO_ASYNC_MODE=engine, DATA_DIR=str(data_folder))


@pytest.fixture
def department(server: Server) -> str:
    """Return the id of a department that nobody else uses."""
    return server.create_department(f"부서 {uuid4().hex}")


@pytest.fixture(params=["websocket", "polling"])
def transport(request: pytest.FixtureRequest) -> str:
    """Return one transport after the other."""
    return str(request.param)


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Yield a function that connects a plain client, which has received `connected` when it is returned."""
    with ExitStack() as stack:

        def open_client(transport: str = "websocket", url: str = server.url) -> socketio.SimpleClient:
            session = stack.enter_context(requests.Session())  # the library does not close its own
            client = stack.enter_context(PlainClient(http_session=session, reconnection=False))
            client.connect(url, transports=[transport], wait_timeout=10)
            assert client.receive(5) == ["connected", {"ok": True}]
            return client

        yield open_client


@pytest.fixture
def follow(server: Server) -> Iterator[Follow]:
    """Yield a function that follows a log until the test is over."""
    with ExitStack() as stack:

        def open_subscriber(log: str, *, url: str = server.url, **options: Any) -> Subscriber:
            return stack.enter_context(Subscriber(url, log, **options))

        yield open_subscriber


def received(client: socketio.SimpleClient, count: int, pause: float = 0.2) -> list[list[Any]]:
    """Return the next messages that a client receives, after a pause in which one too many would have come."""
    messages: list[list[Any]] = []
    while True:
        try:
            messages.append(client.receive(10 if len(messages) < count else pause))
        except socketio.exceptions.TimeoutError:
            return messages


def heard(client: socketio.SimpleClient, count: int, pause: float = 0.2) -> list[tuple[str, Any]]:
    """Return the next messages that a client receives from a log, each with its name."""
    messages: list[tuple[str, Any]] = []
    while True:
        try:
            name, *data = client.receive(10 if len(messages) < count else pause)
        except socketio.exceptions.TimeoutError:
            return messages
        if name not in {"joined_department", "left_department"}:
            messages.append((name, *data))
