"""What one did is taken back by mouse and by keyboard, from the log, and never over what others did since."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person


def toast(person: Person, text: str) -> Locator:
    return person.page.locator(".toast", has_text=text)


def test_a_deletion_is_undone_by_its_toast_and_both_see_it(meet: Meet, department: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    mina.creates("주간 회의")
    juho.sees("주간 회의")
    mina.deletes("주간 회의")
    juho.misses("주간 회의")
    toast(mina, "삭제했습니다").get_by_role("button", name="실행 취소").click()
    juho.sees("주간 회의")
    mina.sees("주간 회의")
    toast(mina, "되돌렸습니다").get_by_role("button", name="다시 실행").click()
    juho.misses("주간 회의")


def test_everything_is_undone_and_done_again_by_keyboard(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    mina.creates("하나")
    mina.opens("하나")
    mina.dialog.get_by_label("제목").fill("둘")
    mina.saves()
    mina.sees("둘")
    expect(toast(mina, "제목을 ‘둘’")).to_be_visible()
    for key, title in (("z", "하나"), ("Shift+Z", "둘"), ("z", "하나")):
        mina.page.keyboard.press(f"Control+{key}")
        mina.sees(title)
    mina.page.keyboard.press("Control+z")
    mina.misses("하나")
    mina.page.keyboard.press("Control+z")
    expect(toast(mina, "되돌릴 것이 없습니다")).to_be_visible()
    mina.page.keyboard.press("Control+Shift+Z")
    mina.sees("하나")
    [event] = server.ask("GET", f"events/{department['id']}")
    history = server.ask("GET", f"events/{event['id']}/history")["versions"]
    assert [version["op"] for version in history][:2] == ["created", "deleted"], "an undo is an entry of the log as any"


def test_what_somebody_else_changed_since_is_not_overwritten(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    event = server.ask("POST", f"events/{department['id']}", {"title": "회의", "event_date": today})
    mina = meet()
    mina.opens("회의")
    mina.dialog.get_by_label("장소").fill("3층")
    mina.saves()
    expect(toast(mina, "장소")).to_be_visible()
    server.ask("PUT", f"events/{event['id']}", {"title": "남이 바꾼 회의"})
    mina.sees("남이 바꾼 회의")
    mina.page.keyboard.press("Control+z")
    refusal = toast(mina, "되돌리지 않았습니다")
    expect(refusal).to_be_visible()
    stored = server.ask("GET", f"events/{department['id']}/{event['id']}")
    assert (stored["title"], stored["location"]) == ("남이 바꾼 회의", "3층")
    refusal.get_by_role("button", name="변경 기록").click()
    expect(mina.dialog.get_by_role("listitem").filter(has_text="남이 바꾼 회의").first).to_be_visible()


def test_a_drag_is_undone(meet: Meet, server: CalendarServer, department: dict[str, Any], today: str) -> None:
    day, other = f"{today[:8]}10", f"{today[:8]}12"
    event = server.ask("POST", f"events/{department['id']}", {"title": "끌 일정", "event_date": day})
    mina, juho = meet(), meet()
    mina.event("끌 일정").drag_to(mina.page.locator(f'[data-date="{other}"]').first)
    expect(toast(mina, "옮겼습니다")).to_be_visible()
    mina.page.keyboard.press("Control+z")
    expect(toast(mina, "되돌렸습니다")).to_be_visible()
    assert server.ask("GET", f"events/{department['id']}/{event['id']}")["event_date"] == day
    juho.has_the_copy(department["id"], server.head(department["id"]))


def test_a_deleted_department_comes_back_with_all_that_was_in_it(meet: Meet, department: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    mina.creates("부서와 함께")
    mina.page.get_by_role("button", name="개발팀 설정").click()
    mina.dialog.get_by_role("button", name="부서 삭제").click()
    mina.dialog.get_by_role("button", name="부서와 일정 삭제").click()
    juho.misses("부서와 함께")
    toast(mina, "부서를 삭제했습니다").get_by_role("button", name="실행 취소").click()
    juho.sees("부서와 함께")
    mina.sees("부서와 함께")


def test_a_move_to_another_department_is_undone_by_keyboard(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    other = server.ask("POST", "departments", {"name": "디자인팀"})
    server.ask("POST", f"events/{department['id']}", {"title": "옮길 일정", "event_date": today})
    mina = meet()
    mina.event("옮길 일정").focus()
    mina.page.keyboard.press("Shift+M")
    expect(mina.dialog.get_by_text("디자인팀")).to_be_visible()
    mina.page.keyboard.press("Enter")
    expect(toast(mina, "‘옮길 일정’ 일정을 디자인팀 부서로 옮겼습니다")).to_be_visible()
    assert [event["title"] for event in server.ask("GET", f"events/{other['id']}")] == ["옮길 일정"]
    mina.page.keyboard.press("Control+z")
    expect(toast(mina, "되돌렸습니다")).to_be_visible()
    assert [event["title"] for event in server.ask("GET", f"events/{department['id']}")] == ["옮길 일정"]
    assert server.ask("GET", f"events/{other['id']}") == []
