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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    """Yield a server with an empty calendar."""
    started = CalendarServer(tmp_path_factory.mktemp("calendar"))
    started.start()
    yield started
    started.stop()


@pytest.fixture
def department(server: CalendarServer) -> Iterator[dict[str, Any]]:
    """Yield the only department that there is."""
    created = server.ask("POST", "departments", {"name": "개발팀"})
    yield created
    server.ask("DELETE", f"departments/{created['id']}")


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
