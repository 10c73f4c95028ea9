"""A month with 5,000 events stays a small page, and a change from elsewhere costs it little."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

EVENTS = 5_000
DEPARTMENTS = 5
MOST_NODES = 2_000
MOST_SECONDS = 0.1
"""Of the main thread's own time, so that a busy machine counts the same as a quiet one."""


WATCH = """([id, title]) => {
  const shown = () => document.querySelector(`[data-event="${id}"]`)?.textContent.includes(title);
  window.seen = new Promise((resolve) => {
    const look = (_, observer) => shown() && (observer.disconnect(), requestAnimationFrame(() => setTimeout(resolve)));
    const all = {subtree: true, characterData: true, childList: true};
    new MutationObserver(look).observe(document.querySelector(".calendar"), all);
  });
}"""
"""Waits for an event to be drawn without asking again and again, which would be the main thread's work, too."""


@pytest.fixture
def crowded(server: CalendarServer, today: str, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Fill this month with old events, and return one of the departments."""
    times = ["오후 2:00", "종일", "오전 9:30~11:00"]
    events = [
        {
            "id": number,
            "department_id": number % DEPARTMENTS + 1,
            "event_date": f"{today[:8]}{number % 28 + 1:02}",
            "title": f"일정 {number}",
            "time": times[number % len(times)],
        }
        for number in range(EVENTS)
    ]
    departments = [{"id": number, "name": f"부서 {number}"} for number in range(1, DEPARTMENTS + 1)]
    (tmp_path / "departments.json").write_text(json.dumps(departments, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "calendar_events.json").write_text(json.dumps(events, ensure_ascii=False), encoding="utf-8")
    assert server.importing(tmp_path).wait(timeout=60) == 0
    yield server.ask("GET", "departments")[0]


def nodes(person: Person) -> int:
    return int(person.page.evaluate("document.querySelectorAll('*').length"))


def main_thread_seconds(session: CDPSession) -> float:
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


@pytest.mark.alone
def test_a_crowded_month_is_a_small_page_whose_changes_cost_little_and_whose_days_can_be_looked_at(
    meet: Meet, server: CalendarServer, crowded: dict[str, Any], today: str
) -> None:
    mina = meet()
    expect(mina.page.locator(".calendar .event", has_text="그 밖에").first).to_be_attached(timeout=15_000)
    for view in ("week", "day", "list", "month"):
        mina.page.locator(f'[data-view="{view}"]').click()
        mina.page.locator(".calendar .event").first.wait_for()
        assert nodes(mina) < MOST_NODES, view
    session = mina.page.context.new_cdp_session(mina.page)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    session.send("Performance.enable")
    event = {"title": "먼저", "event_date": f"{today[:8]}10", "time": "00:01"}
    event_id = server.ask("POST", f"events/{crowded['id']}", event)["id"]
    mina.sees("먼저")
    spent = []
    for number in range(7):
        mina.page.evaluate(WATCH, [event_id, f"먼저 {number}"])
        before = main_thread_seconds(session)
        server.ask("PUT", f"events/{event_id}", {"title": f"먼저 {number}"})
        mina.page.evaluate("() => window.seen")
        spent.append(main_thread_seconds(session) - before)
    assert median(spent) < MOST_SECONDS, spent
    mina.page.locator('[data-view="list"]').click()
    mina.page.locator(".calendar .event", has_text="그 밖에").first.click()
    expect(mina.page.locator('[data-view="day"]')).to_have_attribute("aria-pressed", "true")


def test_a_change_keeps_the_element_of_an_event_that_stays(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    path = f"events/{department['id']}"
    event = server.ask("POST", path, {"title": "그대로", "event_date": f"{today[:8]}10"})
    mina = meet()
    mina.event("그대로").focus()
    server.ask("POST", path, {"title": "새로 온 일정", "event_date": f"{today[:8]}10"})
    mina.sees("새로 온 일정")
    expect(mina.event("그대로")).to_be_focused()
    server.ask("PUT", f"events/{event['id']}", {"title": "그대로, 다른 이름"})
    mina.sees("그대로, 다른 이름")
    expect(mina.event("그대로, 다른 이름")).to_be_focused()
