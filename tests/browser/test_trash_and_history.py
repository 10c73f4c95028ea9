"""What was deleted is brought back, and any version of an event made current again, by mouse and by keyboard."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person


@pytest.fixture
def deleted(server: CalendarServer, department: dict[str, Any], today: str) -> dict[str, Any]:
    """Return an event that 미나 has deleted, beside another one."""
    event: dict[str, Any] = {}
    for title in ("점심", "주간 회의"):
        event = server.ask("POST", f"events/{department['id']}", {"title": title, "event_date": today})
        server.request("DELETE", f"/api/events/{event['id']}", headers={"X-Actor": quote("미나")})
    return event


def opens_the_trash(person: Person) -> None:
    person.page.get_by_role("button", name="휴지통").first.click()
    expect(person.dialog.get_by_role("listitem").first).to_be_visible()


def test_an_event_is_found_in_the_trash_and_brought_back_by_mouse(meet: Meet, deleted: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    opens_the_trash(juho)
    item = juho.dialog.get_by_role("listitem").filter(has_text="주간 회의")
    expect(item).to_contain_text("미나 님이")
    expect(item).to_contain_text("30일 남음")
    juho.dialog.get_by_role("searchbox").fill("회의")
    expect(juho.dialog.get_by_role("listitem")).to_have_count(1)
    item.get_by_role("button", name="되살리기").click()
    mina.sees("주간 회의")
    expect(juho.dialog.get_by_text("찾는 것이 휴지통에 없습니다")).to_be_visible()


def test_an_event_is_brought_back_by_keyboard_and_what_others_delete_appears(
    meet: Meet, server: CalendarServer, deleted: dict[str, Any], today: str
) -> None:
    juho = meet()
    juho.page.get_by_role("button", name="휴지통").first.focus()
    juho.page.keyboard.press("Enter")
    juho.dialog.get_by_role("combobox").select_option(deleted["department_id"])
    expect(juho.dialog.get_by_role("listitem")).to_have_count(2)
    restore = juho.dialog.get_by_role("button", name="‘주간 회의’ 되살리기")
    restore.focus()
    juho.page.keyboard.press("Enter")
    expect(juho.dialog.get_by_role("listitem")).to_have_count(1)
    other = server.ask("POST", f"events/{deleted['department_id']}", {"title": "방금", "event_date": today})
    server.ask("DELETE", f"events/{other['id']}")
    expect(juho.dialog.get_by_role("listitem").filter(has_text="방금")).to_be_visible()
    juho.page.keyboard.press("Escape")
    juho.sees("주간 회의")


def test_a_department_comes_back_under_another_name_if_its_own_is_taken(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    server.ask("DELETE", f"departments/{department['id']}")
    server.ask("POST", "departments", {"name": "개발팀"})
    juho = meet()
    opens_the_trash(juho)
    juho.dialog.get_by_role("combobox").select_option("directory")
    juho.dialog.locator(f'[data-item="{department["id"]}"]').get_by_role("button", name="되살리기").click()
    expect(juho.page.locator(".department-name", has_text="개발팀 (되살림)")).to_be_visible()


def test_a_version_is_made_current_by_mouse_and_others_see_it(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    event = server.ask("POST", f"events/{department['id']}", {"title": "첫 제목", "event_date": today})
    server.ask("PUT", f"events/{event['id']}", {"title": "둘째 제목", "location": "3층"})
    mina, juho = meet(), meet()
    mina.opens("둘째 제목")
    mina.dialog.get_by_role("button", name="이 일정으로 할 일").click()
    mina.dialog.get_by_role("menuitem", name="변경 기록").click()
    history = mina.page.locator(".history-dialog")
    newest = history.locator('[data-version="2"]')
    expect(newest).to_contain_text("첫 제목 → 둘째 제목")
    expect(newest).to_contain_text("3층")
    expect(newest).to_contain_text("지금")
    history.get_by_role("button", name="이 버전으로 되돌리기: 버전 1").click()
    juho.sees("첫 제목")
    expect(history.locator('[data-version="3"]')).to_contain_text("지금")


def test_a_history_is_live_and_its_versions_are_reached_by_keyboard(
    meet: Meet, server: CalendarServer, deleted: dict[str, Any]
) -> None:
    mina = meet()
    opens_the_trash(mina)
    mina.dialog.get_by_role("button", name="‘주간 회의’ 변경 기록").focus()
    mina.page.keyboard.press("Enter")
    history = mina.page.locator(".history-dialog")
    expect(history.locator('[data-version="2"]')).to_contain_text("삭제")
    server.ask("POST", f"events/{deleted['id']}/restore", {})
    server.ask("PUT", f"events/{deleted['id']}", {"title": "남이 바꾼 것"})
    expect(history.locator('[data-version="4"]')).to_contain_text("남이 바꾼 것")
    history.get_by_role("button", name="이 버전으로 되돌리기: 버전 1").focus()
    mina.page.keyboard.press("Enter")
    expect(history.locator('[data-version="5"]')).to_contain_text("지금")
    assert server.ask("GET", f"events/{deleted['department_id']}/{deleted['id']}")["title"] == "주간 회의"
