"""An open form belongs to the person who writes in it: no change from outside ever overwrites it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person


@pytest.fixture
def event(server: CalendarServer, department: dict[str, Any], today: str) -> dict[str, Any]:
    return server.ask("POST", f"events/{department['id']}", {"title": "회의", "event_date": today, "location": "3층"})


@pytest.fixture
def mina(meet: Meet, server: CalendarServer, event: dict[str, Any]) -> Person:
    """Is in the middle of a new title when somebody else moves the meeting to the fifth floor."""
    person = meet()
    person.opens("회의")
    person.dialog.get_by_label("제목").fill("내가 쓰던 제목")
    server.ask("PUT", f"events/{event['id']}", {"title": "남이 쓴 제목", "location": "5층"})
    expect(person.dialog.get_by_role("alert").filter(has_text="바뀌었습니다")).to_be_visible()
    return person


def test_a_change_from_outside_is_told_and_leaves_the_form_alone(mina: Person) -> None:
    notice = mina.dialog.get_by_role("alert")
    expect(notice).to_contain_text("3층")
    expect(notice).to_contain_text("5층")
    expect(mina.dialog.get_by_label("제목")).to_have_value("내가 쓰던 제목")
    expect(mina.dialog.get_by_label("장소")).to_have_value("3층")


def test_saving_asks_first_and_overwrites_only_what_was_written(
    mina: Person, server: CalendarServer, event: dict[str, Any]
) -> None:
    mina.saves()
    comparison = mina.dialog.get_by_role("table")
    expect(comparison).to_contain_text("남이 쓴 제목")
    expect(comparison).to_contain_text("내가 쓰던 제목")
    assert server.ask("GET", f"events/{event['department_id']}/{event['id']}")["title"] == "남이 쓴 제목"
    mina.dialog.get_by_role("button", name="내 것으로 덮어쓰기").click()
    mina.sees("내가 쓰던 제목")
    stored = server.ask("GET", f"events/{event['department_id']}/{event['id']}")
    assert (stored["title"], stored["location"]) == ("내가 쓰던 제목", "5층")


def test_the_person_can_take_what_is_stored(mina: Person) -> None:
    mina.saves()
    mina.dialog.get_by_role("button", name="저장된 것 받기").click()
    expect(mina.dialog.get_by_label("제목")).to_have_value("남이 쓴 제목")
    mina.saves()
    expect(mina.dialog).to_have_count(0)
    mina.sees("남이 쓴 제목")


def test_what_was_deleted_underneath_can_be_saved_as_a_new_event(
    meet: Meet, server: CalendarServer, event: dict[str, Any]
) -> None:
    juho = meet()
    juho.opens("회의")
    juho.dialog.get_by_label("제목").fill("지워지면 안 되는 글")
    server.ask("DELETE", f"events/{event['id']}")
    expect(juho.dialog.get_by_role("alert")).to_contain_text("삭제되었습니다")
    expect(juho.dialog.get_by_label("제목")).to_have_value("지워지면 안 되는 글")
    juho.dialog.get_by_role("button", name="새 일정으로 저장").click()
    juho.sees("지워지면 안 되는 글")
