"""Fixtures that any test may use: free ports, DynamoDB Local and Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.components import chromium, dynamodb_local
from tests.components.ports import find_free_port
from toolchain import components
from toolchain.steps import alone


@pytest.fixture
def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on."""
    return find_free_port()


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
