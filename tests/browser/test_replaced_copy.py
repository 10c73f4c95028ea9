"""A copy whose position the server does not know any more is replaced, and nothing stale stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    """Yield a server that this module may stop, and whose data it may exchange."""
    started = CalendarServer(tmp_path_factory.mktemp("calendar"))
    started.start()
    yield started
    started.stop()


def test_a_restart_is_only_a_pause(meet: Meet, server: CalendarServer, today: str) -> None:
    department = server.ask("POST", "departments", {"name": "운영팀"})
    mina = meet()
    server.terminate()
    mina.page.locator(".light:not([data-state=connected])").wait_for()
    server.start()
    server.ask("POST", f"events/{department['id']}", {"title": "재시작 뒤의 일정", "event_date": today})
    mina.is_connected(timeout=20_000)
    mina.sees("재시작 뒤의 일정")


def test_after_an_older_backup_came_back_the_page_shows_the_backup(
    meet: Meet, server: CalendarServer, today: str, tmp_path: Path
) -> None:
    department = server.ask("POST", "departments", {"name": "백업팀"})
    server.ask("POST", f"events/{department['id']}", {"title": "백업에 있는 일정", "event_date": today})
    server.terminate()
    backup = shutil.copytree(server.data_dir, tmp_path / "backup")
    server.start()
    server.ask("POST", f"events/{department['id']}", {"title": "백업에 없는 일정", "event_date": today})
    mina = meet()
    mina.sees("백업에 없는 일정")
    server.terminate()
    shutil.rmtree(server.data_dir)
    shutil.copytree(backup, server.data_dir)
    server.start()
    mina.is_connected(timeout=20_000)
    mina.misses("백업에 없는 일정")
    mina.sees("백업에 있는 일정")
    mina.has_the_copy(department["id"], server.head(department["id"]))
