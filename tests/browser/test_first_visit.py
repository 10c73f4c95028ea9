"""An empty server explains itself: a sample, an import of old files, or a first department, and then a tour."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

DEPARTMENTS = '[{"id": 1, "name": "개발팀"}, {"id": 2, "name": "영업부"}]'
EVENTS = """[
 {"id": 10, "department_id": 1, "title": "주간 회의", "date": "2024-01-15", "time": "오후 2:00"},
 {"id": 12, "department_id": 9, "title": "어디의 것인지 모를 일", "date": "2024-01-16"}
]"""


def takes_the_tour(person: Person) -> None:
    """Read all four steps by keyboard."""
    tour = person.page.locator(".tour")
    for step in range(1, 5):
        expect(tour.locator(".tour-count")).to_have_text(f"{step}/4")
        person.page.keyboard.press("Enter")
    expect(tour).to_have_count(0)


def test_a_sample_fills_an_empty_server_and_a_tour_follows(meet: Meet, server: CalendarServer) -> None:
    mina = meet()
    mina.page.get_by_role("button", name="예시로 둘러보기").click()
    expect(mina.page.locator(".department-name")).to_have_count(3)
    takes_the_tour(mina)
    expect(mina.event("주간 계획").first).to_be_visible()
    mina.page.reload()
    mina.is_connected()
    expect(mina.page.locator(".tour")).to_have_count(0)
    assert len(server.ask("GET", "departments")) == 3


def test_the_tour_can_be_left_and_taken_again(meet: Meet, server: CalendarServer) -> None:
    server.ask("POST", "departments", {"name": "개발팀"})
    mina = meet()
    mina.page.get_by_role("button", name="더 보기").click()
    mina.page.get_by_role("menuitem", name="둘러보기").click()
    mina.page.get_by_role("button", name="그만 보기").click()
    expect(mina.page.locator(".tour")).to_have_count(0)


def test_old_files_dropped_on_the_page_are_shown_before_they_come(
    meet: Meet, server: CalendarServer, tmp_path: Path
) -> None:
    mina = meet()
    drop = """([departments, events]) => {
      const files = new DataTransfer();
      files.items.add(new File([departments], 'departments.json'));
      files.items.add(new File([events], 'calendar_events.json'));
      document.querySelector('.empty').dispatchEvent(
        new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    mina.page.evaluate(drop, [DEPARTMENTS, EVENTS])
    expect(mina.dialog).to_contain_text("부서 2개와 일정 1개가 들어옵니다", timeout=20_000)
    expect(mina.dialog.locator("tbody tr")).to_have_count(1)
    assert server.ask("GET", "departments") == []
    mina.page.keyboard.press("Enter")
    expect(mina.dialog).to_contain_text("다시 읽어 확인했습니다", timeout=20_000)
    mina.dialog.get_by_role("button", name="닫기").last.click()
    expect(mina.page.locator(".department-name")).to_have_count(2)


def test_what_is_no_old_calendar_is_refused_in_words(meet: Meet, server: CalendarServer, tmp_path: Path) -> None:
    mina = meet()
    mina.page.get_by_role("button", name="옛 달력 가져오기").click()
    (tmp_path / "notes.txt").write_text("x")
    mina.dialog.get_by_label("파일 고르기").set_input_files(tmp_path / "notes.txt")
    expect(mina.dialog.get_by_role("alert")).to_contain_text(".db 파일이 아닙니다")
    (tmp_path / "departments.json").write_text("no JSON")
    mina.dialog.get_by_label("파일 고르기").set_input_files(tmp_path / "departments.json")
    expect(mina.dialog.get_by_role("alert")).to_contain_text("가져오지 못했습니다", timeout=20_000)
    assert server.ask("GET", "departments") == []
