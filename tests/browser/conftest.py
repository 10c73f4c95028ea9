"""Fixtures of the browser tests: a server, a department, and people who look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.browser.calendar_server import CalendarServer
from tests.browser.person import Person

Meet = Callable[..., Person]


@pytest.fixture(scope="session")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    """Yield one server for all tests that leave it running: a start takes longer than most of them."""
    started = CalendarServer(tmp_path_factory.mktemp("calendar"))
    started.start()
    yield started
    started.stop()


@pytest.fixture
def server(running_server: CalendarServer) -> Iterator[CalendarServer]:
    """Yield a server with an empty calendar."""
    yield running_server
    for department in running_server.ask("GET", "departments"):
        running_server.ask("DELETE", f"departments/{department['id']}")


@pytest.fixture
def department(server: CalendarServer) -> dict[str, Any]:
    """Return the only department that there is."""
    return server.ask("POST", "departments", {"name": "개발팀"})


@pytest.fixture
def meet(browser: Browser, server: CalendarServer) -> Iterator[Meet]:
    """Yield a function that lets another person open the page."""
    people: list[Person] = []

    def open_page(**options: Any) -> Person:
        people.append(Person(browser, server, **options))
        return people[-1]

    yield open_page
    for person in people:
        person.leave()


@pytest.fixture
def today() -> str:
    """Return today's date in Seoul, where the people of these tests are."""
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Seoul")).date().isoformat()
