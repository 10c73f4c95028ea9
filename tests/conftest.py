"""Fixtures that any test may use: free ports, servers, DynamoDB Local and Chromium."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from tests.components import chromium, dynamodb_local, s3
from tests.components.ports import find_free_port
from tests.components.server import Server, StartServer
from toolchain import components
from toolchain.steps import alone


@pytest.fixture
def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on."""
    return find_free_port()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Yield a function that starts servers; what they say is shown with a test that fails, and has no stack trace."""
    yield from servers_in(tmp_path)


@pytest.fixture(scope="module")
def start_shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Yield the same for servers that the tests of one module share."""
    yield from servers_in(tmp_path_factory.mktemp("servers"))


def servers_in(folder: Path) -> Iterator[StartServer]:
    servers: list[Server] = []

    def start(port: int | None = None, **settings: str) -> Server:
        log = folder / f"server-{uuid4().hex[:8]}.log"  # several may be started at once
        server = Server(log, {"DATA_DIR": str(folder / "data"), **settings}, port)
        servers.append(server)
        return server.start()

    try:
        yield start
    finally:
        for server in servers:
            server.stop()
            sys.stdout.write(f"--- {server.url} said:\n{server.log}\n")
    assert not [server.url for server in servers if "Traceback" in server.log], "a stack trace in a server's log"


@pytest.fixture(params=["sqlite", "dynamodb"])
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Return the settings of servers that share one empty store, for each kind of store."""
    if request.param == "sqlite":
        return {"DATA_DIR": str(tmp_path / "data")}
    return {
        "DATABASE": "dynamodb",
        "AWS_ENDPOINT_URL_DYNAMODB": request.getfixturevalue("dynamodb_endpoint"),
        "AWS_REGION": "ap-northeast-2",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TABLE_PREFIX": f"t{uuid4().hex[:12]}-",
        "DYNAMODB_POLL_SECONDS": "1",
    }


@pytest.fixture(scope="session")
def dynamodb_endpoint() -> Iterator[str]:
    """Yield DynamoDB Local's URL: the one that dev.py started, or one of its own."""
    given = os.environ.get("DAYROOM_TEST_DYNAMODB")
    if given:
        yield given
        return
    with alone():
        java, folder = components.find_java(), components.dynamodb_local_folder()
    with dynamodb_local.running(java, folder) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.S3Server]:
    """Yield an S3 server that checks signatures; `make_bucket` gives each test a place of its own."""
    with s3.running() as server:
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Return the path of a Chromium."""
    with alone():
        return components.find_chromium()


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Yield a headless Chromium; by module, since Playwright holds an event loop while it runs."""
    with chromium.running(chromium_path) as started:
        yield started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat above the closing line which checks failed before pytest began."""
    failed = os.environ.get("DAYROOM_FAILED_CHECKS")
    if failed:
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed)
