"""While an old calendar is imported by another process, its events appear in an open page."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet

DEPARTMENTS = 4
EVENTS = 4_000


def old_calendar(folder: Path, month: str) -> Path:
    """Write a calendar as the old programs did, with all its events in one month."""
    departments = [{"id": number, "name": f"옛 부서 {number}"} for number in range(1, DEPARTMENTS + 1)]
    events = [
        {
            "id": number,
            "department_id": number % DEPARTMENTS + 1,
            "event_date": f"{month}{number % 28 + 1:02}",
            "title": f"옛 일정 {number}",
            "time": "오후 2:00",
        }
        for number in range(EVENTS)
    ]
    (folder / "departments.json").write_text(json.dumps(departments, ensure_ascii=False), encoding="utf-8")
    (folder / "calendar_events.json").write_text(json.dumps(events, ensure_ascii=False), encoding="utf-8")
    return folder


def test_events_appear_while_the_import_runs(meet: Meet, server: CalendarServer, today: str, tmp_path: Path) -> None:
    source = old_calendar(tmp_path, today[:8])
    mina = meet()
    expect(mina.page.get_by_role("heading", name="첫 부서를 만들어 주세요")).to_be_visible()
    process = server.importing(source)
    mina.page.locator(".calendar .event").first.wait_for(timeout=20_000)
    assert process.poll() is None, "events were seen before the import ended"
    assert process.wait(timeout=60) == 0
    for department in server.ask("GET", "departments"):
        mina.has_the_copy(department["id"], server.head(department["id"]), timeout=15_000)
    mina.is_connected()
